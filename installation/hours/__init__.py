"""Opening hours: when the piece is open, and what happens outside."""

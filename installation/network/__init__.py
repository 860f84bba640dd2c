"""Messages between Mien's own machines: what they look like, the sockets they go through, and the keys that guard them."""

"""The operator's desk: a page in a process of its own, and the piece's end of the way to it."""

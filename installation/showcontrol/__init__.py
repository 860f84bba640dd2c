"""Sound and light hear the visitor: the address table and OSC out."""

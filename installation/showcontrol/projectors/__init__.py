"""Projectors, switched on and off over PJLink."""

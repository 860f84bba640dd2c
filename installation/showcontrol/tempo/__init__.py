"""Tempo in: whose beat the piece hears."""

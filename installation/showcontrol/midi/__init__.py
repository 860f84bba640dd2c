"""MIDI out."""

"""Sound in: how loud an audio input is, and when something sets in."""

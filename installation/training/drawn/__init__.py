"""Drawn faces: what emotion a drawing of a face depicts. What a picture evokes is another question (training/art)."""

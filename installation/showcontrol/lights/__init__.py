"""Lamps over sACN and Art-Net."""

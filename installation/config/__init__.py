"""The artist's settings: a file a section group; load, save, migrate, reference."""

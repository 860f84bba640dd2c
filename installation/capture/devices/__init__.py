"""The kinds of source, a file each: camera, video file, network stream, pictures.

A new kind is a file here that keeps to ``source.Source``, and a line in ``capture/sources.py``.
"""

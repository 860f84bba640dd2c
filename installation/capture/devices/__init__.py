"""The kinds of source, a file each: camera, video file, network stream, pictures."""

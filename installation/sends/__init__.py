"""The picture on its way to other programs: NDI, Spout, Syphon, a virtual camera, streams; each in a process of its own."""

"""Where the picture goes: a window or whole screen, or an offscreen frame buffer."""

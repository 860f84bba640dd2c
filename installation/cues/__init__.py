"""Presets, the cue list and what fires its cues: outside the show, whose settings and events they change."""

"""OSC from desks and scripts: commands, settings, questions."""

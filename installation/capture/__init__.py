"""Where pictures and, from the simulated performer, observations come from."""

"""OSC to sound and light: bundles, targets, the process that keeps the pace."""

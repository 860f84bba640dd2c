"""Screenshots and videos of what is shown."""

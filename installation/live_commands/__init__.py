"""The one table of what can be asked of the running piece, settings included, and what each command does."""

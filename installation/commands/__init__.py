"""The subcommands of run.py."""

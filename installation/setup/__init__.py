"""Set-up on first use. ``bootstrap`` is standard library only; ``fetch`` runs inside the environment."""

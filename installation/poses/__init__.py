"""The artist's own poses: takes, the table they are kept in, reading them, what they trigger."""

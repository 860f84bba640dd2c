"""Observation to EmotionEstimate: facial expression, body, and how they are put together."""

"""What is written down of a run: recordings of its inputs, logs, the report."""

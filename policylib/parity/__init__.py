"""Every engine, asked about the same inputs: whether they agree."""

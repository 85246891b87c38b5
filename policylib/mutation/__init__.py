"""Rules changed one step at a time, to see whether a test notices."""

"""For tests of one's own: strategies, and a plugin for pytest."""

"""Members in the demo: what they belong to, learn and tell each other."""

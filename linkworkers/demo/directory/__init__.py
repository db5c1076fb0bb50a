"""The groups and services of the demo, as data, and what reads it. None of them exists."""

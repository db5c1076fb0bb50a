"""The events of the demo: one to prepare for, one that is full, one that is over."""

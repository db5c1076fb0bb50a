"""What people open, a module for each concept."""

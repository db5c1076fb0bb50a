"""What is given out as files, a module for each concept."""

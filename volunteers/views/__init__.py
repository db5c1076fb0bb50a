"""The pages beneath /volunteers/: a module for each concept."""

"""How volunteering goes in the demo: a module for each concept."""

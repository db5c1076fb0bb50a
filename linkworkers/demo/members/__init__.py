"""The association in the demo: its members, and what they pay."""

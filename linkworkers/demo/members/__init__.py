"""The members of the demo: who belongs, what they write, learn and offer."""

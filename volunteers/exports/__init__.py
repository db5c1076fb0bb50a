"""What is kept of somebody’s volunteering, for whoever asks for everything about themselves: a module a concept."""

"""What is typed about listings, checked; one module a concept."""

"""What is printed, a module for each paper."""

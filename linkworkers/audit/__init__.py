"""What was done and what was seen. Rows are added and never changed."""

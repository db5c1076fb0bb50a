"""What each concept adds to the members’ digests."""

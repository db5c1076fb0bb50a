"""What members have, in the demo."""

"""What the demo's people belong to, and what they do there."""

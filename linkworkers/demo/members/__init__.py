"""What members of the demo have: memberships and what comes with them."""

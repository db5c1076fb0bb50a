"""The open data for other programs: Open Referral UK 3.0 at /api/oruk/v3/, read by anybody without a key."""

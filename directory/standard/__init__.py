"""Open Referral UK 3.0 (HSDS-UK): its shapes, and the ways out (`write`) and in (`read`)."""

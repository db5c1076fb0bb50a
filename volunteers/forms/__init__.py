"""What is typed about volunteers and clinics, checked."""

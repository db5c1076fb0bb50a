"""Referrals from the practice, the cases that grow from them, and the messages back."""

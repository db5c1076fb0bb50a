"""The pages of the referral journey."""

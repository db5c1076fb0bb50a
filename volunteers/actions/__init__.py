"""What people do with volunteers, clinics and bookings: a module for each concept, a function for each deed.

Whatever takes locks takes an episode's (`referrals`) first, then volunteers' in the order of their ids or a clinic's,
then sessions' in the order of their ids, then their shifts and bookings, then requests for cover and swaps, and rooms'
(`generation.hold_rooms`) last. Who has a session locked changes appointments of cases, and never the case.
"""

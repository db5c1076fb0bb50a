"""What people do with volunteers, clinics and bookings: a module for each concept, a function for each deed.

Whatever takes locks takes an episode's (`referrals`) before a session's, sessions in the order of their ids, then their
shifts and bookings, and last requests for cover and swaps. Who has a session locked changes appointments of cases, and
never the case.
"""

"""What people do with events, tickets and the waitlist: a module for each concept, a function for each deed.

Whatever takes locks takes the event's row first (`_places.lock_event`; giving or freeing a place takes it by itself),
then ticket types and codes by what counts them, then bookings in the order of their keys, then tickets, sessions and
entries of the waitlist, and what is in the books of `members` last. Nothing waits for an event while it holds any of
the others: `confirm` needs none.

Between transactions no place is free that somebody on the waitlist could have: whoever frees places, by whatever way,
calls `waitlist.move_on` before they let go of the event.
"""

"""What apps above this one may listen to. Receivers run in the transaction that sends, and undo it when they raise."""

from django.dispatch import Signal

# Arguments: appointment, about to be cancelled; note, why; by, who does it. The episode is locked, the appointment not
# yet: what is refused afterwards undoes what a receiver did.
appointment_cancelled = Signal()

# Arguments: contact, just written down, with its appointment if it came of one. The episode is locked.
contact_logged = Signal()

"""What apps above this one may listen to. Receivers run in the transaction that sends, and undo it when they raise."""

from django.dispatch import Signal

# Arguments: invoice, locked; received_on, the day of the payment that paid the last of it. Once for each invoice, when
# it is granted.
invoice_paid = Signal()

# Arguments: invitation, accepted, with its post; user, who holds the post from now on.
invitation_accepted = Signal()

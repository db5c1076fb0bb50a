"""The way to the card company's page, for whichever page asks for money."""

import logging
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from linkworkers.limits import allows
from members import cards
from members.actions.invoices import balance_of
from members.models import Invoice

logger = logging.getLogger(__name__)


def to_card_page(request: HttpRequest, invoice: Invoice, *, back: str, thanks: str) -> HttpResponse:
    """Sends on to the card company's page, for what is still to be paid: from there to `thanks`, or `back`, which are
    paths of ours. Where that cannot be it leads back with a sentence that says why. Raises Http404 without a card door.
    """
    door = cards.door()
    if door is None:
        raise Http404
    balance = balance_of(invoice)
    if balance <= 0:
        messages.info(request, "Nothing is left to pay.")
        return redirect(back)
    if not allows(request, "card", invoice.number):
        messages.warning(request, "That was tried often just now. Wait a minute, then try again.")
        return redirect(back)
    try:
        address = door.begin(invoice, balance, settings.SITE_URL + thanks, settings.SITE_URL + back)
    except cards.CardDoorShut:
        logger.exception("the card company gave no page")
        messages.error(request, "The card page cannot be reached just now. Pay by bank transfer, or try again later.")
        return redirect(back)
    return HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": address})

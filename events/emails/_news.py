"""The one form of a mail about events: a greeting, some lines, and a button."""

from collections.abc import Sequence

from linkworkers.outbox.actions import Draft


def news(
    *,
    key: str,
    kind: str,
    to: str,
    name: str,
    subject: str,
    lines: Sequence[str],
    button: str,
    path: str,
    about: Sequence[tuple[str, str]] = (),
    more: Sequence[str] = (),
    calendar: str = "",
    unsubscribe: str = "",
    secret: bool = False,
) -> Draft:
    """A mail that is not written yet. `lines` come first, then `about` (what, and its value), the button that leads to
    `path`, and `more` below it. Empty lines are left out.
    """
    return Draft(
        key=key,
        kind=kind,
        to=to,
        template="event-news",
        context={
            "subject": subject,
            "name": name,
            "lines": [*filter(None, lines)],
            "about": [(label, value) for label, value in about if value],
            "button": button,
            "path": path,
            "more": [*filter(None, more)],
        },
        calendar=calendar,
        unsubscribe=unsubscribe,
        secret=secret,
    )

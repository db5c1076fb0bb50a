"""QR codes, drawn from nothing but squares."""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET = 4  # modules of white around a code, as the standard asks

Modules = tuple[tuple[bool, ...], ...]


@lru_cache(maxsize=256)
def modules(text: str) -> Modules:
    """The code of a text as rows of dark and light modules, without the quiet zone."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    return tuple(tuple(map(bool, row)) for row in code.get_matrix())


def svg(text: str, *, label: str) -> SafeString:
    """The code as an SVG image, quiet zone included, for a file or inside a page; `label` says what it leads to.

    One path of one square a module, dark on white whatever the page's colours are.
    """
    rows = modules(text)
    side = len(rows) + 2 * QUIET
    squares = "".join(
        f"M{column + QUIET},{row + QUIET}h1v1h-1z"
        for row, line in enumerate(rows)
        for column, dark in enumerate(line)
        if dark
    )
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" class="qr" role="img" '
        'aria-label="{label}" shape-rendering="crispEdges"><path fill="#fff" d="M0,0h{side}v{side}h-{side}z"/>'
        '<path fill="#000" d="{squares}"/></svg>',
        side=side,
        label=label,
        squares=squares,
    )

"""How a PDF is sent."""

from django.http import HttpResponse


def as_pdf(content: bytes, name: str) -> HttpResponse:
    """Opens in the browser, and is called `name` (ASCII) when it is saved."""
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )

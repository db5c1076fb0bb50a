"""What the QR code of a ticket says."""

from django.conf import settings


def scan_address(code: str) -> str:
    """The address that stands in the QR code of a ticket or badge. The door's page reads the code out of it; to anybody
    else it says no more than to show it at the door.
    """
    return f"{settings.SITE_URL}/events/scan/{code}/"

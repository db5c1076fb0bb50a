import pytest
from django.test import RequestFactory

from linkworkers.http import client_address

FORWARDED = "203.0.113.9, 198.51.100.2, 192.0.2.1"


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "address"),
    [
        (0, "192.0.2.4", "", "192.0.2.4"),
        (0, "192.0.2.4", FORWARDED, "192.0.2.4"),  # nobody we trust wrote that header
        (0, "", "", None),  # a Unix socket
        (1, "10.0.0.1", FORWARDED, "192.0.2.1"),
        (2, "10.0.0.1", FORWARDED, "198.51.100.2"),
        (1, "10.0.0.1", "", None),
        (2, "10.0.0.1", "192.0.2.1", None),  # came round one of the proxies
        (1, "10.0.0.1", "<script>", None),
        (1, "10.0.0.1", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_only_what_trusted_proxies_say_of_an_address_is_believed(
    rf: RequestFactory, settings, proxies, peer, forwarded, address
):
    settings.TRUSTED_PROXY_COUNT = proxies
    request = rf.get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address

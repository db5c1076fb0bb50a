"""The pages about the open data, as anybody sees them."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from directory import dumps
from directory.factories import make_listing
from tests.browser.conftest import Visit
from tests.browser.test_every_page import look_at

pytestmark = pytest.mark.django_db(transaction=True)


def test_pages_of_the_directory_about_its_data(visit: Visit, settings: Any, tmp_path: Path) -> None:
    page = visit()
    settings.DUMPS_DIR = str(tmp_path)
    pages = [("directory data", reverse("open_data")), ("directory api", reverse("oruk_docs"))]
    problems = look_at(page, [("directory data none", reverse("open_data"))])
    make_listing()
    dumps.write_all()
    assert problems + look_at(page, pages) == []

"""The clinics that are measured get the sessions that their patterns want."""

import json

import pytest

from bench.aims import of_generation
from bench.clinics import write_clinics
from bench.generation import Generation
from bench.management.commands.generate_all import Command
from volunteers.models import Clinic

pytestmark = pytest.mark.django_db


def look(capsys: pytest.CaptureFixture[str]) -> Generation:
    Command().handle(look=True)
    return Generation(kept=0, seconds=60, peak=1, **json.loads(capsys.readouterr().out))


def test_what_is_missing_is_seen_and_made(capsys: pytest.CaptureFixture[str]) -> None:
    write_clinics(9)
    before = look(capsys)
    assert (before.clinics, before.sessions, before.missing > 100) == (9, 0, True)
    Command().handle(look=False)
    after = look(capsys)
    assert (after.sessions, after.missing, after.twice) == (before.missing, 0, 0)
    assert 0 < after.without_room < after.sessions / 2
    assert not Clinic.objects.filter(generated_until=None).exists()
    assert [aim.says for aim in of_generation(after, after) if aim.is_missed] == []
    assert len([aim for aim in of_generation(before, after) if aim.is_missed]) == 1

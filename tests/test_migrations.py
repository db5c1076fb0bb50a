"""The migrations say what the models say, and were named and written by somebody."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parent.parent
OURS = sorted(
    file
    for file in ROOT.glob("*/**/migrations/[0-9]*.py")
    if file.relative_to(ROOT).parts[0] not in {".venv", "node_modules", "var"}
)
# Names that Django makes up when it is not told one.
MADE_UP = re.compile(r"\d{4}_(initial|auto_.*|alter_.*|add_.*|remove_.*|rename_.*|delete_.*|.*_and_more)")


@pytest.mark.django_db
def test_no_change_to_a_model_lacks_its_migration(capsys: pytest.CaptureFixture) -> None:
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=1)
    assert "No changes detected" in capsys.readouterr().out


@pytest.mark.django_db
def test_every_migration_is_applied_to_an_empty_database_in_one_line() -> None:
    """The tests' database was empty once; two heads of one app would leave it to chance which came first."""
    loader = MigrationLoader(connection)
    assert loader.detect_conflicts() == {}
    assert set(loader.disk_migrations) == set(loader.applied_migrations)


@pytest.mark.parametrize("file", OURS, ids=lambda file: f"{file.parent.parent.name}/{file.stem}")
def test_a_migration_is_named_by_hand(file: Path) -> None:
    assert not MADE_UP.fullmatch(file.stem)


@pytest.mark.parametrize(
    ("name", "made_up"),
    [
        ("0001_initial", True),
        ("0002_auto_20260101_1200", True),
        ("0003_person_known_as_and_more", True),
        ("0004_remove_person_title", True),
        ("0001_referrals_and_cases", False),
        ("0002_addresses", False),
    ],
)
def test_made_up_names_are_told_from_given_ones(name: str, made_up: bool) -> None:
    assert bool(MADE_UP.fullmatch(name)) is made_up

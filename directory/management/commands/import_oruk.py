"""`manage.py import_oruk FILE|URL`: takes in a file or a feed of the open standard, or a spreadsheet."""

import argparse
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from directory.actions import import_documents
from directory.importing import Report, Unreadable
from directory.importing.feed import fetch
from directory.importing.sources import open_source


class Command(BaseCommand):
    help = (
        "Takes in Open Referral UK 3.0 (JSON pages, arrays, single records or one on each line, plain, gzipped or "
        "zipped), a CSV of the common columns, or a feed by its address: all of it or nothing. Running twice changes "
        "nothing. Listings that their owner looks after here, and newer checks of ours, stay as they are."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE|URL")
        parser.add_argument("--dry-run", action="store_true", help="Say what would change, and change nothing.")
        parser.add_argument(
            "--source", default="", help="What to call where it came from; its file or address if left out."
        )
        parser.add_argument("--allow-private", action="store_true", help="Ask servers of our own network too.")
        parser.add_argument("--quiet", action="store_true", help="No progress bar.")

    def handle(
        self, *, file: str, dry_run: bool, source: str, allow_private: bool, quiet: bool, **options: Any
    ) -> None:
        try:
            if file.startswith(("http://", "https://")):
                with tempfile.TemporaryFile() as content:
                    with self.bar("fetched", quiet) as bar:
                        fetch(file, content, allow_private=allow_private, progress=lambda done: _advance(bar, done))
                    report = self.take_in(content, source or file, dry_run, quiet)
            else:
                with Path(file).open("rb") as content:
                    report = self.take_in(content, source or Path(file).name, dry_run, quiet)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror or error}.") from error
        except Unreadable as reason:
            raise CommandError(f"{reason} Nothing was changed.") from reason
        if report.is_refused:
            raise CommandError("\n".join(report.lines()))
        for line in report.lines():
            self.stdout.write(line)

    def take_in(self, content: BinaryIO, source: str, dry_run: bool, quiet: bool) -> Report:
        opened = open_source(content)
        with self.bar("records", quiet) as bar:
            report = import_documents(
                opened.records,
                source=source,
                by=None,
                dry_run=dry_run,
                unit=opened.unit,
                progress=lambda done: _advance(bar, done),
            )
        report.notes += opened.notes
        return report

    def bar(self, unit: str, quiet: bool) -> "tqdm[Any]":
        return tqdm(unit=f" {unit}", disable=quiet or None)  # None: no bar either where nobody watches


def _advance(bar: "tqdm[Any]", done: int) -> None:
    bar.update(done - bar.n)

"""`manage.py load_postcodes FILE`: where every postcode is, from a file that anybody may download."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from directory.places.loading import PostcodeFile, Unreadable


class Command(BaseCommand):
    help = (
        "Loads the ONS Postcode Directory, OS Code-Point Open or GeoNames' GB files (as a file, a zip or a folder), "
        "all of it or nothing. A newer file can be loaded over an older one."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--quiet", action="store_true", help="No progress bar.")

    def handle(self, *, file: Path, quiet: bool, **options: Any) -> None:
        try:
            postcodes = PostcodeFile(file)
            # None: no bar either where nobody watches.
            with tqdm(total=postcodes.size, unit="B", unit_scale=True, disable=quiet or None) as bar:
                report = postcodes.load(bar.update)
        except Unreadable as reason:
            raise CommandError(f"{reason} Nothing was loaded.") from reason
        self.stdout.write(
            f"{report.format}: {report.rows:,} rows in {report.outward_codes:,} outward codes loaded, "
            f"{report.passed_over:,} passed over because they are no longer in use or have no position."
        )
        if report.bad_rows:
            self.stdout.write(f"{report.bad_rows:,} bad rows were left out. The first of them:")
            for line in report.bad:
                self.stdout.write(f"  {line}")

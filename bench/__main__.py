"""`python -m bench`: fill, measure, print a table. README.md says how to read it."""

import argparse
import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from bench import aims, generation, renewals, report, sale, transfer
from bench.cast import Cast
from bench.country import CLINICS, MEMBERS, SERVICES
from bench.directory_scenarios import DIRECTORY
from bench.events_scenarios import EVENTS
from bench.measure import House, measure
from bench.members_scenarios import MEMBERSHIP
from bench.rota_scenarios import ROTA
from bench.scenarios import SCENARIOS
from bench.server import serving
from linkworkers.embedded import kept_secret, servers

VAR = Path("var/bench")
SHARES = {"full": 1.0, "tenth": 0.1, "hundredth": 0.01}  # of England
SMALL = 0.01  # what a size is compared with: this share of it
WHOLE = 0.1  # of England and more come with all of the directory and all members, less with less of them
ROUNDS = 60
SALES = 100
ALL = [*SCENARIOS, *MEMBERSHIP, *ROTA, *EVENTS, *DIRECTORY]


def main() -> None:
    """Exits with 1 and one sentence when something does not start, and with --check when a budget is exceeded."""
    arguments = _arguments()
    share = arguments.size
    VAR.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        try:
            urls = stack.enter_context(servers(VAR))
        except RuntimeError as error:
            sys.exit(str(error))
        services, members = (round(count * min(1.0, share / WHOLE)) for count in (SERVICES, MEMBERS))
        sizes = [(share, services, members), (share * SMALL, round(services * SMALL), round(members * SMALL))]
        environments = [_environment(urls, *size) for size in sizes]
        if arguments.generation:
            missed = _generation(arguments.clinics, environments[0])
            _check(arguments, missed)
            return
        if arguments.renewals:
            missed = _renewals(sizes, environments)
            _check(arguments, missed)
            return
        _collect_static_files(environments[0])
        if arguments.sale:
            missed = _sale(arguments.sales, environments[0])
            _check(arguments, missed)
            return
        if arguments.profile:
            filled = _fill(*sizes[0], environments[0])
            sys.stdout.write(_django(environments[0], "profile", arguments.profile, filled))
            return
        houses = []
        for size, environment in zip(sizes, environments, strict=True):
            cast = Cast(**json.loads(_fill(*size, environment)))
            try:
                server = stack.enter_context(serving(environment, VAR / f"gunicorn-{size[0]:g}.log"))
            except RuntimeError as error:
                sys.exit(str(error))
            houses.append(House(size[0], server, cast, environment["DATABASE_URL"]))
        missed = _transfer(houses, environments) if arguments.transfer else _measure(houses, arguments)
    _check(arguments, missed)


def _check(arguments: argparse.Namespace, missed: list[str]) -> None:
    if arguments.check and missed:
        sys.exit(f"Over budget: {', '.join(missed)}")


def _measure(houses: list[House], arguments: argparse.Namespace) -> list[str]:
    """Measure pages, print and keep the tables; what exceeds its budget."""
    scenarios = [each for each in ALL if not arguments.only or each.name in arguments.only]
    samples = measure(houses, scenarios, arguments.rounds, _show)
    large, small = houses
    rows = report.rows(large, small, scenarios, samples)
    reached = aims.of_pages({each.name: samples[large.share, each.name] for each in scenarios})
    title = report.title(large, small)
    report.save(VAR / "last.json", title, rows, reached)
    print(f"\n{title}\n\n{report.table(rows)}\n")
    if reached:
        print(f"{report.aims_table(reached)}\n")
    return [row["name"] for row in rows if row["misses"]] + [aim.says for aim in reached if aim.is_missed]


def _transfer(houses: list[House], environments: list[dict[str, str]]) -> list[str]:
    """Move the whole directory out and in, print and keep the tables; what exceeds its aim."""
    empty = {**environments[0], "DATABASE_URL": _named(environments[0]["DATABASE_URL"], "bench_import")}
    _django(empty, "fill")
    moved = [transfer.out(house, environment) for house, environment in zip(houses, environments, strict=True)]
    taken_in = transfer.into(empty, Path(environments[0]["DUMPS_DIR"]))
    reached = aims.of_transfers(*moved)
    print(f"\n{report.transfers_table([*moved[0], taken_in, *moved[1]])}\n\n{report.aims_table(reached)}\n")
    return [aim.says for aim in reached if aim.is_missed]


def _renewals(sizes: list[tuple[float, int, int]], environments: list[dict[str, str]]) -> list[str]:
    """Remind all members of both sizes at once, in databases of their own; what exceeds its aim."""
    runs = []
    for (_, _, members), environment in zip(sizes, environments, strict=True):
        own = {**environment, "DATABASE_URL": _named(environment["DATABASE_URL"], f"bench_renewals_{members}")}
        print(f"{members:,} members, all of whom are due …", flush=True)
        _django(own, "fill", "0", "0", str(members))
        runs.append(renewals.run(own))
    reached = aims.of_renewals(*runs)
    print(f"\n{report.renewals_table(runs)}\n\n{report.aims_table(reached)}\n")
    return [aim.says for aim in reached if aim.is_missed]


def _generation(clinics: int, environment: dict[str, str]) -> list[str]:
    """Make all sessions of so many clinics, killed once, and of a hundredth; what exceeds its aim."""
    runs = []
    for number, kill in ((clinics, True), (max(1, round(clinics * SMALL)), False)):
        own = {**environment, "DATABASE_URL": _named(environment["DATABASE_URL"], f"bench_generation_{number}")}
        print(f"{number:,} clinics without a session …", flush=True)
        _django(own, "fill", "0", "0", "0", str(number))
        runs.append(generation.run(own, number, kill=kill))
    reached = aims.of_generation(*runs)
    print(f"\n{report.generation_table(runs)}\n\n{report.aims_table(reached)}\n")
    return [aim.says for aim in reached if aim.is_missed]


def _sale(sales: int, environment: dict[str, str]) -> list[str]:
    """Open so many sales, one after the other, in a database of its own; what exceeds its aim."""
    own = {**environment, "DATABASE_URL": _named(environment["DATABASE_URL"], "bench_sale")}
    _django(own, "fill", "0", "0", "0", "0", str(sales))
    try:
        run = sale.run(own, sales, sale.SALE_PLACES, VAR / "gunicorn-sale.log")
    except RuntimeError as error:
        sys.exit(str(error))
    reached = aims.of_sales(run)
    print(f"\n{report.sales_table(run)}\n\n{report.aims_table(reached)}\n")
    return [aim.says for aim in reached if aim.is_missed]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="How quick the main pages are.")
    parser.add_argument(
        "--size", type=_share, default=os.environ.get("SIZE", "tenth"), help="full, tenth, hundredth or a number"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"turns of each page (default {ROUNDS})")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a page exceeds its budget")
    names = [scenario.name for scenario in ALL]
    parser.add_argument(
        "--only", choices=names, action="append", metavar="PAGE", help="measure this page and the floor"
    )
    parser.add_argument("--profile", choices=names, metavar="PAGE", help="profile this page instead")
    parser.add_argument("--transfer", action="store_true", help="move the whole directory out and in instead")
    parser.add_argument("--renewals", action="store_true", help="remind all members at once instead")
    parser.add_argument("--generation", action="store_true", help="make the sessions of all clinics instead")
    parser.add_argument("--clinics", type=int, default=CLINICS, help=f"how many, for --generation (default {CLINICS})")
    parser.add_argument("--sale", action="store_true", help="open sales of tickets to more people than places instead")
    parser.add_argument("--sales", type=int, default=SALES, help=f"how many, for --sale (default {SALES})")
    return parser.parse_args()


def _share(size: str) -> float:
    return SHARES[size] if size in SHARES else float(size)


def _environment(urls: dict[str, str], share: float, services: int, members: int) -> dict[str, str]:
    """The settings of an installation, except for HTTPS, with a database of its own for each size."""
    name = f"{share:g}_{services}_{members}".replace(".", "_").replace("-", "_")
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "SECRET_KEY": kept_secret(VAR / "secret-key"),
        "DATABASE_URL": _named(urls["DATABASE_URL"], f"bench_{name}"),
        "REDIS_URL": urls["REDIS_URL"],
        "ALLOWED_HOSTS": "127.0.0.1,testserver",
        "SITE_URL": "http://127.0.0.1",
        "DEFAULT_FROM_EMAIL": "Link Workers <bench@bench.invalid>",
        "EMAIL_URL": "dummymail://",
        "DUMPS_DIR": str((VAR / f"dumps_{name}").resolve()),
        "TRUSTED_PROXY_COUNT": "1",  # so that the client can come from many addresses
        "HTTPS": "0",
        "DEMO": "0",
        "DEBUG": "0",
    }


def _named(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()


def _collect_static_files(environment: dict[str, str]) -> None:
    """Collect them when one of ours, or the list of what was installed, is newer than the last time's."""
    collected = VAR / "static" / "staticfiles.json"
    sources = [Path("package-lock.json"), Path("requirements.txt"), *Path("static").rglob("*")]
    if not collected.exists() or collected.stat().st_mtime < max(path.stat().st_mtime for path in sources):
        _django(environment, "collectstatic", "--no-input", "--verbosity=0")


def _fill(share: float, services: int, members: int, environment: dict[str, str]) -> str:
    """Fill the database unless it is; return the cast as JSON."""
    print(f"Data for {share:g} of England, {services:,} services and {members:,} members …", flush=True)
    return _django(environment, "fill", str(share), str(services), str(members))


def _django(environment: dict[str, str], *command: str) -> str:
    """Run a management command in a process of its own; its standard output. Exits when it fails, which it explains."""
    try:
        finished = subprocess.run(
            [sys.executable, "-m", "django", *command], env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
    return finished.stdout


def _show(done: float) -> None:
    print(f"  {done:4.0%} measured", end="\n" if done == 1 else "\r", flush=True)


if __name__ == "__main__":
    main()

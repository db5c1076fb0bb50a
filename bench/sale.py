"""Sales of tickets that open for more people than there are places, who all come at once, over HTTP."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from bench.client import Client, Request
from bench.server import serving

BUYERS = 400
SALE_PLACES = 50
THREADS = 8


@dataclass(frozen=True)
class Sales:
    """So many sales. `least` and `most` are the tickets that any one sold; `errors` pages that were neither a booking
    nor a place on the waitlist; `out_of_order` people who are behind somebody that came when they had their answer.
    `processor` is seconds of the application's workers.
    """

    sales: int
    places: int
    seconds: float
    processor: float
    least: int
    most: int
    waiting: int
    errors: int
    out_of_order: int
    slowest: float  # seconds of one answer


@dataclass(frozen=True)
class Turn:
    """What one buyer was answered: `booked` or put on the waitlist, between two moments of one clock."""

    email: str
    sent: float
    answered: float
    booked: bool


def run(environment: dict[str, str], sales: int, places: int, log: Path) -> Sales:
    """Open each of the `sales` of a database that was filled for them: 400 buyers from 8 threads. Raises RuntimeError
    when the server does not start.
    """
    types = _look(environment)
    errors: list[str] = []
    turns = {}
    with serving(environment, log) as server:
        began, processor = time.perf_counter(), server.processor_seconds()
        for slug, facts in types.items():
            turns[slug] = _open(server.port, slug, facts["type"], errors)
            print(f"  {len(turns):,} of {len(types):,} sales", end="\r", flush=True)
        seconds, processor = time.perf_counter() - began, server.processor_seconds() - processor
    if errors:
        print(f"\n{errors[0]}")
    found = _look(environment)
    sold = [each["sold"] for each in found.values()]
    answers = [turn.answered - turn.sent for each in turns.values() for turn in each]
    return Sales(
        sales=sales,
        places=places,
        seconds=seconds,
        processor=processor,
        least=min(sold),
        most=max(sold),
        waiting=sum(len(each["waiting"]) for each in found.values()),
        errors=len(errors),
        out_of_order=sum(out_of_order(turns[slug], found[slug]["waiting"]) for slug in turns),
        slowest=max(answers),
    )


def out_of_order(turns: list[Turn], waiting: list[str]) -> int:
    """How many people were passed by somebody who asked only after they had their answer: on the waitlist, or by
    getting a place while they were put on it. `waiting` are the addresses in the order of the list.
    """
    by_email = {turn.email: turn for turn in turns}
    line = [by_email[email] for email in waiting]
    passed = sum(
        any(later.answered < earlier.sent for later in line[place + 1 :]) for place, earlier in enumerate(line)
    )
    last_booked = max((turn.sent for turn in turns if turn.booked), default=0.0)
    return passed + sum(turn.answered < last_booked for turn in line)


def _open(port: int, slug: str, type_: int, errors: list[str]) -> list[Turn]:
    numbers = count()
    turns: list[Turn] = []

    def buy() -> None:
        with Client(port) as client:
            for number in _below(BUYERS, numbers):
                try:
                    turns.append(_book(client, slug, type_, f"buyer-{number}@bench.invalid"))
                except (RuntimeError, OSError) as error:
                    errors.append(str(error))
                    client.connection.close()

    threads = [threading.Thread(target=buy) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return turns


def _below(most: int, numbers: Iterator[int]) -> Iterator[int]:
    """The next number, each once for all threads: counting on is one step of the interpreter."""
    while (number := next(numbers)) < most:
        yield number


def _book(client: Client, slug: str, type_: int, email: str) -> Turn:
    """One buyer's way: the form is sent, and what is held for them is booked."""
    sent = time.perf_counter()
    answer = client.send(Request(f"/events/{slug}/book/", form=booking(type_, email)))
    answered = time.perf_counter()
    booked = answer.location.startswith("/events/orders/")
    if booked:
        client.send(Request(answer.location, form={"action": "book"}))
    return Turn(email, sent, answered, booked)


def booking(type_: int, email: str) -> dict[str, str | list[str]]:
    """The form of somebody who is not logged in, books one ticket, and would wait for one."""
    return {"rows": "1", "your_name": "A Buyer", "your_email": email, "type_0": str(type_), "waits": "on"}


def _look(environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "django", "look_at_sales"]
    looked = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(looked.stdout))

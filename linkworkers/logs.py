"""What a log line may hold."""

import logging
import re


class Discreet(logging.Formatter):
    """Leaves out what Postgres adds to an error: the row that it refused, with whatever somebody typed in it."""

    def format(self, record: logging.LogRecord) -> str:
        return re.sub(r"(?m)^(DETAIL|CONTEXT|LINE \d+):.*$", r"\1: (left out)", super().format(record))

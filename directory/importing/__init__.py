"""Taking in other people's data: sources of records, how they are matched with ours, and how they are saved."""

from directory.importing.records import Record, Unreadable
from directory.importing.report import Report
from directory.importing.taking import take_in

__all__ = ["Record", "Report", "Unreadable", "take_in"]

"""Finding something good, close by: `Search.read(request.GET)` and `run(search)`."""

from directory.search.engine import run
from directory.search.query import Search
from directory.search.results import Facet, Group, Option, Result, Results

__all__ = ["Facet", "Group", "Option", "Result", "Results", "Search", "run"]

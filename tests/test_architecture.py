"""Who may import whom, read from the source: a wrong arrow is seen although every import of it works."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
APPS = ("members", "directory", "referrals", "volunteers", "events")
OURS = (*APPS, "linkworkers", "bench", "tests")
LONGEST_FILE = 400  # lines

# The storeys of the house, each above those that it may name. What is below those may be named too.
ABOVE = {
    "helpers": (),
    "audit": ("helpers",),
    "outbox": ("audit",),
    "members": ("outbox",),
    "directory": ("members",),
    "referrals": ("directory",),
    "volunteers": ("referrals",),
    "events": ("members",),
    "roof": ("volunteers", "events"),
    "bench": ("roof",),
}
# What stands on top of the apps. Every other module of linkworkers is a helper, and knows no app.
ROOF = re.compile(
    r"linkworkers(\.(settings|urls|celery|wsgi|run|views|your_data|digests|dashboard|office|demo|management)(\..+)?)?"
)

# The rooms of an app, each with those that it may name, in its own app and in lower ones. "other" is any room that is
# not listed; "audit" and "outbox" are the actions of those two, as others see them.
INNER = ("models", "permissions", "emails", "actions", "forms", "tasks", "other", "audit", "outbox")
ROOMS = {
    "models": ("models",),
    "permissions": ("models", "permissions"),
    "emails": ("models", "permissions", "emails", "other", "outbox"),
    "actions": ("models", "permissions", "emails", "actions", "tasks", "other", "audit", "outbox"),
    "forms": ("models", "permissions", "forms", "other"),
    "tasks": ("models", "actions", "other", "outbox"),
    "other": ("models", "permissions", "forms", "other", "audit", "outbox"),
    "views": (*INNER, "views"),
    "urls": ("views",),
    "admin": (*INNER, "admin"),
    "api": (*INNER, "api"),
    "management": INNER,
    "factories": (*INNER, "factories"),
    "factories_people": (*INNER, "factories"),
    "apps": (),
}


@dataclass(frozen=True)
class Import:
    """One name that `module` imports, as the module it leads to. `hidden` is inside a function."""

    module: str
    target: str
    line: int
    hidden: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


def imports(sources: Mapping[str, str]) -> Iterator[Import]:
    """Every import among our own modules; those of other packages only where a function hides them.

    `sources` maps the name of each module, `package.__init__` for a package's own, to its text.
    """
    known = {module.removesuffix(".__init__") for module in sources}
    for name, text in sources.items():
        module = name.removesuffix(".__init__")
        package = module if name != module else module.rpartition(".")[0]
        tree = ast.parse(text)
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        inside = {id(node) for function in functions for node in ast.walk(function)}
        for node in ast.walk(tree):
            hidden = id(node) in inside
            for target in _targets(node, package, known):
                if hidden or target in known:
                    yield Import(module, target, node.lineno, hidden)


def _targets(node: ast.AST, package: str, known: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        parts = package.split(".")
        start = ".".join(parts[: len(parts) - node.level + 1]) if node.level else ""
        source = ".".join(filter(None, (start, node.module)))
        for alias in node.names:
            whole = f"{source}.{alias.name}"
            yield whole if whole in known else source


def storey(module: str) -> str:
    first, _, rest = module.partition(".")
    if first != "linkworkers":
        return first
    if ROOF.fullmatch(module):
        return "roof"
    second = rest.partition(".")[0]
    return second if second in ("audit", "outbox") else "helpers"


def reaches(upper: str, lower: str) -> bool:
    return upper == lower or any(reaches(below, lower) for below in ABOVE[upper])


def room(module: str) -> str | None:
    """The room of an app that a module is in; None for what is no app's, and for an app's own package."""
    level = storey(module)
    inside = module.split(".")[2 if level in ("audit", "outbox") else 1 :]
    if level not in (*APPS, "audit", "outbox") or not inside:
        return None
    name = "factories" if inside[0].startswith("factories_") else inside[0]
    return name if name in ROOMS else "other"


def seen_as(module: str) -> str | None:
    """The room as another module sees it."""
    level, inside = storey(module), room(module)
    return level if level in ("audit", "outbox") and inside == "actions" else inside


def wrong_arrows(sources: Mapping[str, str]) -> list[str]:
    return [str(each) for each in imports(sources) if not reaches(storey(each.module), storey(each.target))]


def wrong_rooms(sources: Mapping[str, str]) -> list[str]:
    return [
        f"{each} ({inside} may not name {seen})"
        for each in imports(sources)
        if (inside := room(each.module)) and (seen := seen_as(each.target)) and seen not in ROOMS[inside]
    ]


def hidden_imports(sources: Mapping[str, str]) -> list[str]:
    return [str(each) for each in imports(sources) if each.hidden]


def read_sources() -> dict[str, str]:
    files = [file for folder in OURS for file in (ROOT / folder).rglob("*.py") if "migrations" not in file.parts]
    return {".".join(file.relative_to(ROOT).with_suffix("").parts): file.read_text() for file in files}


def without_tests(sources: Mapping[str, str]) -> dict[str, str]:
    """What runs in an installation: a test may stand anywhere and look at everything."""
    return {module: text for module, text in sources.items() if "tests" not in module.split(".")}


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    return read_sources()


def test_each_app_names_only_those_below_it(sources: dict[str, str]) -> None:
    assert wrong_arrows(without_tests(sources)) == []


def test_each_room_names_only_the_rooms_behind_it(sources: dict[str, str]) -> None:
    assert wrong_rooms(without_tests(sources)) == []


def test_no_import_hides_in_a_function(sources: dict[str, str]) -> None:
    assert hidden_imports(sources) == []


def test_the_whole_house_was_read(sources: dict[str, str]) -> None:
    """An empty reading would pass every test above."""
    seen = {(each.module, each.target) for each in imports(sources)}
    assert ("referrals.views.case", "referrals.actions") in seen
    assert ("referrals.models.referral", "members.models") in seen
    assert {storey(module) for module in without_tests(sources)} == set(ABOVE)


def test_no_two_models_share_a_name() -> None:
    ours = [config for config in apps.get_app_configs() if config.name.partition(".")[0] in OURS]
    names = Counter(model.__name__ for config in ours for model in config.get_models())
    assert names["Referral"] == 1
    assert [name for name, count in names.items() if count > 1] == []


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    files = [
        file
        for folder in (*OURS, "templates", "static")
        for file in (ROOT / folder).rglob("*")
        if file.suffix in {".py", ".html", ".js", ".css"} and "migrations" not in file.parts
    ]
    assert len(files) > 100
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in files}
    assert {file: length for file, length in lengths.items() if length > LONGEST_FILE} == {}


# The checks themselves, on houses made up for them: module and its one line of source, then what is wrong with it.

HOUSE = {
    "members.models": "",
    "members.actions": "",
    "referrals.__init__": "",
    "referrals.models.__init__": "",
    "referrals.models.person": "",
    "referrals.actions.__init__": "",
    "referrals.emails": "",
    "referrals.forms": "",
    "referrals.today": "",
    "referrals.views.__init__": "",
    "events.models": "",
    "linkworkers.http": "",
    "linkworkers.views": "",
    "linkworkers.demo.build": "",
    "linkworkers.audit.actions": "",
    "linkworkers.outbox.actions": "",
}


def house_with(module: str, source: str) -> dict[str, str]:
    return {**HOUSE, module: source}


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("members.views", "from referrals.models import Referral"),
        ("members.views", "import referrals.models.person"),
        ("members.views", "from referrals import models"),
        ("directory.models", "from referrals.models.person import Person"),
        ("referrals.views.case", "from events.models import Event"),
        ("events.views", "from referrals import today"),
        ("linkworkers.http", "from members.models import User"),
        ("linkworkers.new_helper", "from linkworkers.audit.actions import record"),
        ("linkworkers.audit.admin", "from members.models import User"),
        ("linkworkers.audit.admin", "from linkworkers.outbox.actions import queue"),
        ("referrals.tasks", "from linkworkers.demo.build import build"),
        ("referrals.today", "from linkworkers.views import navigation"),
        ("members.views", "def view():\n    from referrals import today"),
    ],
)
def test_an_arrow_that_points_up_or_across_is_found(module: str, source: str) -> None:
    assert wrong_arrows(house_with(module, source))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("referrals.views.case", "from members.models import User"),
        ("events.views", "from members import actions"),
        ("volunteers.views", "from members.models import User"),
        ("referrals.views.case", "from linkworkers.http import client_address"),
        ("linkworkers.views", "from referrals.today import panel"),
        ("linkworkers.demo.build", "from events.models import Event"),
        ("linkworkers.outbox.actions", "from linkworkers.audit.actions import record"),
        ("members.views", "from django.shortcuts import render"),
    ],
)
def test_an_arrow_that_points_down_is_let_be(module: str, source: str) -> None:
    assert wrong_arrows(house_with(module, source)) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("referrals.models.message", "from referrals import permissions, forms"),
        ("referrals.models.message", "from ..today import panel"),
        ("referrals.models.message", "from referrals.views import case"),
        ("referrals.models.message", "from linkworkers.audit.actions import record"),
        ("referrals.permissions", "from referrals.actions import accept"),
        ("referrals.permissions", "from referrals import today"),
        ("referrals.forms", "from referrals import actions"),
        ("referrals.forms", "from . import emails"),
        ("referrals.forms", "from members.actions import invite"),
        ("referrals.forms", "from linkworkers.audit.actions import record"),
        ("referrals.forms", "from linkworkers.outbox.actions import queue"),
        ("referrals.emails", "from linkworkers.audit.actions import record"),
        ("referrals.actions.case", "from referrals.forms import ReferralForm"),
        ("referrals.actions.case", "from referrals import views"),
        ("referrals.today", "from referrals.emails import referral_received"),
        ("referrals.urls", "from referrals.models import Referral"),
    ],
)
def test_a_room_that_names_one_in_front_of_it_is_found(module: str, source: str) -> None:
    assert wrong_rooms(house_with(module, source))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("referrals.models.message", "from .person import Person"),
        ("referrals.models.message", "from members.models import User"),
        ("referrals.permissions", "from referrals.models import Referral"),
        ("referrals.emails", "from linkworkers.outbox.actions import queue"),
        ("referrals.forms", "from linkworkers.http import client_address"),
        ("referrals.actions.case", "from referrals import emails\nfrom linkworkers.audit.actions import record"),
        ("referrals.views.case", "from referrals import actions, forms, today"),
        ("referrals.admin", "from referrals import actions"),
        ("linkworkers.views", "from referrals.views import case"),
    ],
)
def test_a_room_that_names_those_behind_it_is_let_be(module: str, source: str) -> None:
    assert wrong_rooms(house_with(module, source)) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def act():\n    import json", 1),
        ("class Form:\n    async def clean(self):\n        from members import models", 1),
        ("def outer():\n    def inner():\n        import json", 1),
        ("import json\ndef act():\n    return json", 0),
        ("if True:\n    import json", 0),
    ],
)
def test_an_import_inside_a_function_is_found(source: str, found: int) -> None:
    assert len(hidden_imports(house_with("referrals.forms", source))) == found

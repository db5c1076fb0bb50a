"""What comes next for a volunteer, for whoever coordinates: a sentence, and the one thing to do."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from volunteers.clearance import Clearance, Standing
from volunteers.models import DAYS, GONE, HERE, JOINING, PARTS, CheckKind, Stage, StageChange, Volunteer

NEEDED_REFERENCES = 2


@dataclass(frozen=True)
class Next:
    """`label` and `url` are the page's main button; empty where there is nothing to press."""

    words: str
    label: str = ""
    url: str = ""


@dataclass(frozen=True)
class Step:
    """One of `_components/steps.html`."""

    label: str
    note: str
    state: str


def in_words(volunteer: Volunteer) -> str:
    """The next step for a list. The volunteer comes with `references_in`, `references_named` and `lacks`."""
    match volunteer.stage:
        case Stage.APPLIED:
            return "Invite them to talk"
        case Stage.INTERVIEW:
            return _interview(volunteer) or "Agree a time to talk"
        case Stage.REFERENCES:
            came: int = volunteer.references_in  # type: ignore[attr-defined]
            return (
                "Read the references" if came >= NEEDED_REFERENCES else f"{came} of {NEEDED_REFERENCES} references in"
            )
        case Stage.DBS:
            return "Record the DBS check when it is there"
        case Stage.INDUCTION:
            return "Waits for them to open their account" if volunteer.user_id is None else "Induction and training"
        case Stage.PAUSED:
            return f"Back after {date_format(volunteer.paused_until)}" if volunteer.paused_until else "Paused, no date"
        case Stage.ACTIVE:
            return "A check ends soon, or is missing" if volunteer.lacks else ""  # type: ignore[attr-defined]
    return ""


def _interview(volunteer: Volunteer) -> str:
    if volunteer.interview_at is None:
        return ""
    at = timezone.localtime(volunteer.interview_at)
    over = volunteer.interview_at <= timezone.now()
    return "Say how the talk went" if over else f"Talk on {date_format(at, 'j F')} at {at:%H:%M}"


def next_of(volunteer: Volunteer, clearance: Clearance, *, invited: bool) -> Next:
    """For the volunteer's own page. They come with `references_in`, `references_good` and `references_named`."""

    def at(name: str, *more: object) -> str:
        return reverse(name, args=[volunteer.key, *more])

    def on_to(stage: Stage) -> str:
        return f"{at('volunteer_stage')}?to={stage}"

    open_ones = [each for each in clearance.standings if each.state in ("missing", "ended", "bad", "soon")]
    match volunteer.stage:
        case Stage.APPLIED:
            return Next("They wait for a word from you.", "Invite them to talk", at("volunteer_interview"))
        case Stage.INTERVIEW:
            if said := _interview(volunteer):
                return Next(f"{said}.", "Go on to the references", on_to(Stage.REFERENCES))
            return Next("No time is agreed yet.", "Invite them to talk", at("volunteer_interview"))
        case Stage.REFERENCES:
            return _of_references(volunteer, clearance, at("volunteer_references"), on_to(Stage.DBS))
        case Stage.DBS:
            dbs = _open(open_ones, CheckKind.DBS)
            if dbs:
                url = at("volunteer_check", dbs.requirement.pk)
                return Next("The certificate comes by post to them.", "Record the DBS check", url)
            return Next("The DBS check is in order, or not needed.", "Offer the induction", at("volunteer_induction"))
        case Stage.INDUCTION:
            return _of_induction(volunteer, clearance, at("volunteer_induction"), invited, at)
        case Stage.ACTIVE if open_ones:
            first = open_ones[0].requirement
            words = f"{first} {'ends soon' if open_ones[0].state == 'soon' else 'is not in order'}."
            return Next(words, f"Record: {first}", at("volunteer_check", first.pk))
        case Stage.ACTIVE:
            return Next("Nothing: everything is in order.")
        case Stage.PAUSED:
            return Next(f"{in_words(volunteer)}.")
    return Next("Nothing comes next.")


def _of_references(volunteer: Volunteer, clearance: Clearance, page: str, on: str) -> Next:
    wanted = [each for each in clearance.standings if each.requirement.kind == CheckKind.REFERENCES]
    if all(each.state == "good" for each in wanted):
        return Next("The references are in order, or not needed.", "Go on to the DBS check", on)
    came: int = volunteer.references_in  # type: ignore[attr-defined]
    if came >= NEEDED_REFERENCES:
        return Next(f"{came} references are in.", "Read the references", page)
    return Next(f"{came} of {NEEDED_REFERENCES} references is in.", "See the referees", page)


def _of_induction(volunteer: Volunteer, clearance: Clearance, induction: str, invited: bool, at: object) -> Next:
    if volunteer.user_id is None and invited:
        return Next("The invitation is on its way: they open their account by its link.")
    if volunteer.user_id is None:
        return Next("They have no account yet.", "Send the invitation", induction)
    missing = clearance.missing(timezone.localdate())
    if missing:
        url = reverse("volunteer_check", args=[volunteer.key, missing[0].pk])
        names = ", ".join(str(each) for each in missing)
        return Next(f"Still to be in order: {names}.", f"Record: {missing[0]}", url)
    return Next("Everything is in order.", "Make them active", reverse("volunteer_activate", args=[volunteer.key]))


def _open(standings: list[Standing], kind: CheckKind) -> Standing | None:
    return next((each for each in standings if each.requirement.kind == kind), None)


def steps_of(volunteer: Volunteer, changes: list[StageChange]) -> list[Step]:
    """The line of stages, with the day of each."""
    days = {change.stage: date_format(timezone.localtime(change.at), "j M") for change in changes}
    line = [*JOINING, Stage.ACTIVE]
    if volunteer.stage in HERE or volunteer.stage == Stage.LEFT:
        reached = len(line)
    elif volunteer.stage in GONE:
        reached = max((line.index(Stage(each)) for each in days if each in JOINING), default=0)
    else:
        reached = line.index(Stage(volunteer.stage))
    made = []
    for number, stage in enumerate(line):
        state = "done" if number < reached or reached == len(line) else "next"
        if number == reached:
            state = "stopped" if volunteer.stage in GONE else "now"
        if volunteer.stage == Stage.ACTIVE and stage == Stage.ACTIVE:
            state = "now"
        note = days.get(stage, "not yet" if state == "next" else "")
        if state == "stopped":
            note = f"{volunteer.get_stage_display()}, {days.get(volunteer.stage, '')}"
        made.append(Step(stage.label, note, state))
    return made


def free_grid(volunteer: Volunteer) -> list[tuple[str, list[bool]]]:
    """Each day with whether they are usually free in its three parts; nothing when they have not said."""
    if not volunteer.availability:
        return []
    free = set(volunteer.availability)
    return [(day.capitalize(), [f"{day}-{part}" in free for part in PARTS]) for day in DAYS]


# What an applicant reads of where they stand, and of what comes next.
FOR_APPLICANTS = {
    Stage.APPLIED: (
        "Your application is here",
        "The coordinator reads it and writes to you, usually within a week. Then you talk: what it is like, and "
        "whether it suits you.",
    ),
    Stage.INTERVIEW: ("We would like to talk with you", "After the talk, we ask the two people whom you named."),
    Stage.REFERENCES: (
        "We ask the people who know you",
        "When both have answered, the coordinator asks you for a DBS check: a form, and three papers that show who you "
        "are. It costs you nothing.",
    ),
    Stage.DBS: (
        "The DBS check",
        "The certificate comes to you by post, usually within three weeks. Show it to the coordinator. We keep whether "
        "it is in order, and the date, and nothing else.",
    ),
    Stage.INDUCTION: (
        "Induction and training",
        "You get to know the place and the people, and open an account here, by a link in a mail of its own.",
    ),
    Stage.ACTIVE: ("You are a volunteer", "Log in to see your shifts."),
    Stage.PAUSED: ("You are taking a break", "Log in to come back whenever you like."),
    Stage.LEFT: ("You have left", "Thank you for what you gave. The door stays open."),
    Stage.DECLINED: (
        "It did not work out this time",
        "Thank you for the thought that you gave to this. There are other ways to help near you.",
    ),
    Stage.WITHDRAWN: ("You have withdrawn", "Thank you for your interest. If things change, you are welcome."),
}

"""The letter of thanks as it is begun for a coordinator, who makes it their own."""

from collections.abc import Sequence

from volunteers.models import Milestone, Volunteer


def draft(volunteer: Volunteer, milestones: Sequence[Milestone]) -> str:
    """What a letter begins as, with the highest of what was reached and not thanked for, and without the signature."""
    hours = max((each.number for each in milestones if each.kind == Milestone.Kind.HOURS), default=0)
    years = max((each.number for each in milestones if each.kind == Milestone.Kind.YEARS), default=0)
    told = []
    if hours:
        told.append(f"you have given {hours} hours as a volunteer at {volunteer.workplace}")
    if years:
        told.append(f"you have been with us for {years} year{'' if years == 1 else 's'}")
    opening = " and ".join(told) or f"you have been a volunteer at {volunteer.workplace} for a while now"
    return (
        f"Dear {volunteer.short_name},\n\n"
        f"{opening[0].upper()}{opening[1:]}. I would like to say thank you.\n\n"
        "Behind those hours there are people who were not alone with what worried them. You sat down with them, you "
        "listened, and you helped them find what comes next. They remember who had time for them, and so do we.\n\n"
        "Thank you for turning up on grey mornings, for your patience, and for the way you make the surgery a kinder "
        "place. We are glad that you are one of us.\n\n"
        "With warm thanks,"
    )

"""How members of the demo show themselves to each other, and what they write."""

import datetime as dt

from linkworkers.demo.clock import Clock
from linkworkers.demo.places import World
from members.models import Block, Correspondence, Interest, MemberLetter, Membership, Profile, User

# name, headline, about, interests; listed unless the headline is empty
PROFILES = [
    (
        "Amara Okafor",
        "Link worker in five surgeries, a walking group on Wednesdays",
        "I came to this from debt advice, so ask me about breathing space and benefits. I would like to hear how "
        "others keep a group going once the funding ends.",
        ["debt-and-benefits", "loneliness", "physical-activity"],
    ),
    (
        "Dev Patel",
        "Link worker, three days a week, mostly with carers",
        "Before this I ran a day centre. I run a monthly coffee morning for carers and am glad to share how it began.",
        ["carers", "older-people"],
    ),
    (
        "Rhiannon Pryce",
        "Rural link worker: much driving, many village halls",
        "Twelve villages and one bus. I collect ways of bringing things to people instead of people to things.",
        ["rural", "green-prescribing", "loneliness"],
    ),
    (
        "Callum Fenwick",
        "Link worker by the sea",
        "Allotments, sea swimming for the brave, and a men’s shed that has a waiting list. Come and see it.",
        ["green-prescribing", "physical-activity", "bereavement"],
    ),
    (
        "Aisha Rahman",
        "New to the role, half time",
        "I started last year and have more questions than answers. Looking for somebody to share supervision with.",
        ["supervision", "health-inequality"],
    ),
    (
        "Zainab Iqbal",
        "Community builder at Chiltern Community Links",
        "I look after our befriending volunteers. Talk to me about training days, thank-you teas and mileage.",
        ["volunteers", "loneliness", "housing"],
    ),
    ("Joshua Bright", "", "", []),
]

# who writes to whom, and what each says in turn: the first of them begins; days ago of the first letter
LETTERS = [
    (
        "Rhiannon Pryce",
        "Zainab Iqbal",
        9,
        [
            "Hello Zainab, I read that you train befrienders. We have six people who would like to begin in the spring "
            "and nobody who has done it before. Could I borrow your first evening’s plan?",
            "Of course, with pleasure. The trick is to keep the first evening short and the tea hot. Shall we talk on "
            "Thursday after four?",
            "Thursday is good. I will ring you through the office. Thank you!",
        ],
    ),
    (
        "Callum Fenwick",
        "Amara Okafor",
        2,
        [
            "Hi Amara, your walking group is what we would like to have here. How did you find people to lead it when "
            "you are away?"
        ],
    ),
    (
        "Aisha Rahman",
        "Zainab Iqbal",
        1,
        [
            "Dear Zainab, would you have an hour next month to talk about supervision? I am the only one in my team "
            "and would be glad of an ear."
        ],
    ),
]
BLOCKS = [("Dev Patel", "Joshua Bright")]


def build(world: World, clock: Clock) -> None:
    """Saves it for those who have a membership in force; the others have none of it."""
    in_force = User.objects.filter(membership__in=Membership.objects.in_force().values("pk"))
    members = {user.name: user for user in in_force}
    interests = {interest.slug: interest for interest in Interest.objects.all()}
    for number, (name, headline, about, slugs) in enumerate(PROFILES):
        if user := members.get(name):
            at = clock.ago(60 - 7 * number, 12, 15)
            listed_at = at if headline else None
            profile = Profile(user=user, headline=headline, about=about, is_listed=bool(headline), listed_at=listed_at)
            profile.key, profile.updated_at = f"demo-{number}", at
            profile.save()
            profile.interests.set(interests[slug] for slug in slugs if slug in interests)
    for by, to, days, texts in LETTERS:
        if by in members and to in members:
            _write(members[by], members[to], clock, days, texts)
    Block.objects.bulk_create(
        Block(by=members[by], whom=members[whom], created_at=clock.ago(30))
        for by, whom in BLOCKS
        if by in members and whom in members
    )


def _write(beginner: User, other: User, clock: Clock, days: int, texts: list[str]) -> None:
    """Each answers a working day or so after the other; the last letter is not read yet."""
    first, second = sorted([beginner, other], key=lambda person: person.pk)
    at = clock.ago(days, 10, 40)
    correspondence = Correspondence.objects.create(
        first=first, second=second, begun_by=beginner, created_at=at, key=f"demo-{first.pk}-{second.pk}"
    )
    for number, text in enumerate(texts):
        by, to = (beginner, other) if number % 2 == 0 else (other, beginner)
        sent_at = min(at + dt.timedelta(days=2 * number, minutes=25 * number), clock.now - dt.timedelta(hours=1))
        is_last = number == len(texts) - 1
        MemberLetter.objects.create(
            correspondence=correspondence,
            by=by,
            to=to,
            text=text,
            sent_at=sent_at,
            read_at=None if is_last else sent_at + dt.timedelta(minutes=30),
        )
        correspondence.last_at = sent_at
    correspondence.save()

"""Communities as those who meet in them: every page in its states, and a story that somebody else wants to do too."""

import pytest
from playwright.sync_api import Page, expect

from members.actions import communities as community_actions
from members.actions import moderation, topics
from members.factories_communities import (
    CommunityFactory,
    FlagFactory,
    LibraryItemFactory,
    ReplyFactory,
    TopicFactory,
    WishFactory,
    make_interest,
    make_member,
    make_moderator,
    make_talk,
    regional,
)
from members.models import Community, Region, Topic, User
from tests.browser.conftest import Visit
from tests.browser.scene import LONG_NOTE, UNBROKEN
from tests.browser.test_every_page import THEME, at, look_at, send_empty

pytestmark = pytest.mark.django_db(transaction=True)

EVERYTHING = f"""
What I **did**, and what came of it:

1. I rang first, for five minutes.
2. I waited by the *blue door*.

> They said: nobody has ever waited for me.

| before | after | in between, which took much longer than anybody had thought |
|---|---|---|
| 4 in 10 | 2 in 10 | {UNBROKEN} |

    code that somebody pasted {UNBROKEN}

{UNBROKEN} مرحبا 你好
"""


@pytest.fixture
def east(db: None) -> Community:
    for region in Region:
        regional(region)
    facts = {"name": "National", "slug": "national", "purpose": "For all of us."}
    Community.objects.get_or_create(kind=Community.Kind.NATIONAL, defaults=facts)
    CommunityFactory(name="Green and nature-based work", slug="green")
    return regional(Region.EAST)


@pytest.fixture
def story(east: Community, member: User) -> Topic:
    topic = topics.start_topic(community=east, kind="learned", title="A walk on Tuesdays", text=EVERYTHING, by=member)
    amara = make_member("Amara Okafor")
    topics.reply(topic=topic, text="What a good idea.", by=amara)
    mine = topics.reply(topic=topic, text="Thank you!", by=member)
    topics.edit_reply(mine, text="Thank you, *Amara*!", by=member)
    for name in ("Callum Fenwick", "Rhiannon Pryce", "محمد عبد الله", "Dev Patel"):
        topics.want_too(topic, note="May I ring you?", by=make_member(name))
    return topic


def open_new_moderation(page: Page) -> None:
    page.get_by_label("Move it to another community").check()
    send_empty(page)


def test_pages_of_communities(visit: Visit, story: Topic, east: Community, member: User, admin: User) -> None:
    moderator = make_member("Grace Adeyemi")
    make_moderator(east, moderator)
    long = TopicFactory(community=east, title=UNBROKEN, author=make_member(UNBROKEN), kind="question")
    busy = TopicFactory(community=east, title="Who has a minibus?", author=member, closed_reason="", is_pinned=True)
    for number in range(30):
        ReplyFactory(topic=busy, text=f"Reply {number}", html=f"<p>{LONG_NOTE}</p>")
    gone = topics.reply(topic=busy, text="Unwise", by=member)
    hidden = ReplyFactory(topic=busy, author=make_member("Tom Ashby"))
    make_talk(east, topics=25, by=member)
    topics.take_back_reply(gone, by=member)
    moderation.moderate_reply(hidden, act="hidden", reason="We are kind here.", by=moderator)
    closed = TopicFactory(community=east, title="An old question", author=member)
    moderation.moderate_topic(closed, act="closed", reason="It is answered.", by=moderator)
    secret = TopicFactory(community=east, title="A name too many", author=member)
    moderation.moderate_topic(secret, act="hidden", reason="It said who somebody is.", by=moderator)
    WishFactory(topic=TopicFactory(community=east, kind="learned", title="Another story"), user=member)
    item = LibraryItemFactory(community=east, by=member, title="The five-minute call", about=LONG_NOTE[:300])
    LibraryItemFactory(community=east, kind="file", title=UNBROKEN)
    flag = FlagFactory(about=ReplyFactory(topic=story, text=LONG_NOTE), text="It hurt somebody.")
    FlagFactory(about=ReplyFactory(topic=long), decision="left", decided_by=moderator, decided_at=flag.created_at)
    shut = CommunityFactory(name="A group that ended", slug="ended")
    community_actions.close(shut, reason="Nobody came any more.", by=admin)
    community_actions.ask(name="Young carers", purpose="For them.", interest=make_interest("carers"), by=member)
    community_actions.recount(east)
    Topic.objects.filter(pk=busy.pk).update(reply_count=32)

    problems = look_at(
        visit(member),
        [
            ("communities", at("communities")),
            ("community ask", at("community_ask")),
            ("community ask errors", at("community_ask"), send_empty),
            ("community", at("community", "east")),
            ("community search", f"{at('community', 'east')}?q=walk"),
            ("community nothing found", f"{at('community', 'east')}?q=unheard"),
            ("community empty", at("community", "wales")),
            ("community closed", at("community", "ended")),
            ("community page 2", f"{at('community', 'east')}?page=2"),
            ("topic new errors", at("topic_new", "east"), send_empty),
            ("topic new in a closed community", at("topic_new", "ended")),
            ("topic story", at("topic", "east", story.pk)),
            ("topic reply errors", at("topic", "east", story.pk), send_empty),
            ("topic long name", at("topic", "east", long.pk)),
            ("topic long", at("topic", "east", busy.pk)),
            ("topic long last page", f"{at('topic', 'east', busy.pk)}?page=last"),
            ("topic closed", at("topic", "east", closed.pk)),
            ("topic hidden", at("topic", "east", secret.pk)),
            ("topic edit", at("topic_edit", "east", story.pk)),
            ("topic take back", at("topic_take_back", "east", story.pk)),
            ("topic wishes", at("topic_too", "east", story.pk)),
            ("topic too", at("topic_too", "east", Topic.objects.get(title="Another story").pk)),
            ("library", at("library", "east")),
            ("library empty", at("library", "wales")),
            ("library new", at("library_new", "east")),
            ("library new errors", at("library_new", "east"), send_empty),
            ("library take out", at("library_remove", "east", item.pk)),
            ("report errors", at("flag_new", "topic", long.pk), send_empty),
        ],
    )
    problems += look_at(
        visit(moderator),
        [
            ("topic as moderator", f"{at('topic', 'east', busy.pk)}?page=last"),
            ("topic moderate", at("topic_moderate", "east", busy.pk)),
            ("topic moderate errors", at("topic_moderate", "east", busy.pk), open_new_moderation),
            ("reply moderate", at("reply_moderate", "east", busy.pk, hidden.pk)),
            ("moderation", at("community_moderation", "east")),
            ("moderation decided", f"{at('moderation')}?list=decided"),
            ("moderation log", f"{at('moderation')}?list=log"),
            ("moderation decide", at("flag_decide", flag.pk)),
            ("moderation decide errors", at("flag_decide", flag.pk), send_empty),
        ],
    )
    problems += look_at(
        visit(), [("communities for anybody", at("communities")), ("community for anybody", at("community", "east"))]
    )
    assert not problems, "\n".join(["", *problems])
    problems = look_at(
        visit(admin),
        [
            ("office communities", at("admin:members_community_changelist")),
            ("office community new", at("admin:members_community_add")),
            ("office community", at("admin:members_community_change", east.pk)),
            ("office moderators", at("admin:members_moderator_changelist")),
            ("office moderator new", at("admin:members_moderator_add")),
            ("office topics", at("admin:members_topic_changelist")),
            ("office topic", at("admin:members_topic_change", story.pk)),
            ("office replies", at("admin:members_reply_changelist")),
            ("office flags", at("admin:members_flag_changelist")),
            ("office flag", at("admin:members_flag_change", flag.pk)),
            ("office moderators log", at("admin:members_moderationentry_changelist")),
        ],
        forgiven=THEME,
    )
    assert not problems, "\n".join(["", *problems])


def test_a_story_is_told_wanted_too_and_a_reply_reported_and_hidden(
    visit: Visit, east: Community, member: User, admin: User
) -> None:
    """Callum does all of his by keyboard."""
    callum, third, moderator = make_member("Callum Fenwick"), make_member("Third Person"), make_member("Grace Adeyemi")
    make_moderator(east, moderator)
    author = visit(member)
    author.goto(at("communities"))
    author.get_by_role("link", name="East of England").click()
    author.get_by_role("link", name="Ask or tell something").click()
    author.get_by_label("What I learned").check()
    author.get_by_label("Title").fill("A walk on Tuesdays")
    author.get_by_label("Your text").fill("We **walk**, and nobody has to talk.")
    author.get_by_role("button", name="Post it").click()
    expect(author.get_by_role("heading", level=1)).to_have_text("A walk on Tuesdays")
    address = author.url

    other = visit(callum)
    other.goto(address)
    other.get_by_label("Your reply").focus()
    other.keyboard.type("Stop whining and just walk.")
    other.keyboard.press("Tab")
    other.keyboard.press("Enter")
    expect(other.get_by_text("Your reply is there.")).to_be_visible()
    other.get_by_role("link", name="I want to do this too").focus()
    other.keyboard.press("Enter")
    other.get_by_label("A line to them").focus()
    other.keyboard.type("When do you start?")
    other.keyboard.press("Tab")
    other.keyboard.press("Enter")
    expect(other.get_by_text("1 person wants to do this too")).to_be_visible()

    author.reload()
    expect(author.locator(".too")).to_contain_text("Callum Fenwick")
    author.get_by_role("link", name="Read what they say").click()
    expect(author.get_by_text("When do you start?")).to_be_visible()

    reader = visit(third, javascript=False)
    reader.goto(address)
    reader.get_by_role("link", name="Report the reply of Callum Fenwick").click()
    reader.get_by_label("It is unkind").check()
    reader.get_by_role("button", name="Report it").click()
    expect(reader.get_by_text("A moderator looks at it")).to_be_visible()

    desk = visit(moderator, width=390)
    desk.goto(at("community", "east"))
    desk.get_by_role("link", name="Moderation 1 waiting").click()
    desk.get_by_role("link", name="Stop whining and just walk.").click()
    desk.get_by_label("Hide it").check()
    desk.get_by_label("Why", exact=True).fill("We are kind to each other here.")
    desk.get_by_role("button", name="Decide").click()
    expect(desk.get_by_role("heading", name="Nothing waits for you")).to_be_visible()
    reader.goto(address)
    expect(reader.get_by_text("Hidden by a moderator.")).to_be_visible()
    other.reload()
    expect(other.get_by_text("We are kind to each other here.")).to_be_visible()

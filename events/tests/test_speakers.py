"""Speakers introduce themselves by their link; photo and biography are public only while they agree."""

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from events.actions import speakers as actions
from events.factories import EventFactory, ProgrammeItemFactory, SpeakerFactory
from events.factories_public import agreed, jpeg
from events.models import Event, Speaker
from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from members.models import StoredFile, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_limits_of_others() -> None:
    cache.clear()


def page_of(speaker: Speaker) -> str:
    return reverse("event_speaker", args=[speaker.key])


def photo_of(speaker: Speaker) -> str:
    return reverse("event_speaker_photo", args=[speaker.event.slug, speaker.pk])


def said(**more: object) -> dict[str, object]:
    return {"job": "Nurse", "organisation": "Leeds", "biography": "I listen.", **more}


def upload(content: bytes, name: str = "me.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def test_the_office_asks_and_one_mail_brings_the_link(admin: User, member: User) -> None:
    speaker = SpeakerFactory()
    actions.ask(speaker, by=admin)
    actions.ask(speaker, by=admin)
    [mail] = Message.objects.filter(to=speaker.email)
    assert page_of(speaker) in str(mail.__dict__)
    with pytest.raises(PermissionDenied):
        actions.ask(speaker, by=member)
    with pytest.raises(Refused):
        actions.ask(SpeakerFactory(email=""), by=admin)
    with pytest.raises(Refused):
        actions.ask(SpeakerFactory(event=EventFactory(cancelled=True)), by=None)


def test_nothing_is_public_until_the_speaker_agrees_and_nothing_after_they_take_it_back() -> None:
    speaker = SpeakerFactory()
    item = ProgrammeItemFactory(event=speaker.event, speakers=[speaker])
    event_page = reverse("event", args=[speaker.event.slug])
    session = reverse("event_programme_item", args=[speaker.event.slug, item.pk])
    client = Client()
    assert client.post(page_of(speaker), said(new_photo=upload(jpeg()))).status_code == 302
    for page in [event_page, session]:
        text = client.get(page).content.decode()
        assert speaker.name in text
        assert "I listen." not in text
        assert photo_of(speaker) not in text
    assert client.get(photo_of(speaker)).status_code == 404
    client.post(page_of(speaker), said(agrees="on"))
    assert all("I listen." in client.get(page).content.decode() for page in [event_page, session])
    response = client.get(photo_of(speaker))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert client.get(photo_of(speaker), headers={"if-none-match": response["ETag"]}).status_code == 304
    client.post(page_of(speaker), said())
    assert client.get(photo_of(speaker)).status_code == 404
    assert "I listen." not in client.get(event_page).content.decode()
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"speaker.introduced", "speaker.agreed", "speaker.took_back"} <= verbs


def test_photo_is_drawn_anew_replaced_and_deleted() -> None:
    speaker = SpeakerFactory()
    client = Client()
    client.post(page_of(speaker), said(new_photo=upload(jpeg(size=(2000, 1000)) + b"<script>hidden")))
    client.post(page_of(speaker), said(new_photo=upload(jpeg("red") + b"<script>hidden")))
    [kept] = StoredFile.objects.all()
    assert b"hidden" not in bytes(kept.content)
    own = reverse("event_speaker_own_photo", args=[speaker.key])
    assert client.get(own).status_code == 200
    remove = reverse("event_speaker_photo_remove", args=[speaker.key])
    assert client.get(remove).status_code == 405
    client.post(remove), client.post(remove)
    assert not StoredFile.objects.exists()
    assert client.get(own).status_code == 404


def test_what_is_no_picture_is_refused_and_what_was_typed_is_kept() -> None:
    speaker = SpeakerFactory()
    for wrong in [upload(b"GIF89a", "x.gif"), upload(b"no picture at all"), upload(jpeg()[:200])]:
        response = Client().post(page_of(speaker), said(biography="Kept as typed", new_photo=wrong))
        assert response.status_code == 200
        assert "Kept as typed" in response.content.decode()
    speaker.refresh_from_db()
    assert speaker.biography == ""
    assert not StoredFile.objects.exists()
    long = Client().post(page_of(speaker), said(biography="x" * 1501))
    assert long.status_code == 200
    assert "There is a problem" in long.content.decode()


def test_keys_open_one_page_and_drafts_show_no_photo() -> None:
    speaker, other = SpeakerFactory(**agreed()), SpeakerFactory()
    assert Client().get(page_of(other)[:-3] + "xx/").status_code == 404
    swapped = reverse("event_speaker_photo", args=[other.event.slug, speaker.pk])
    assert Client().get(swapped).status_code == 404
    Event.objects.update(published_at=None)
    assert Client().get(photo_of(speaker)).status_code == 404


def test_whoever_leaves_is_forgotten_and_their_link_opens_nothing(member: User) -> None:
    speaker = SpeakerFactory(user=member, **agreed())
    before = page_of(speaker)
    actions.erase(member)
    speaker.refresh_from_db()
    assert (speaker.biography, speaker.email, speaker.photo, speaker.user, speaker.consented_at) == (
        "",
        "",
        None,
        None,
        None,
    )
    assert not StoredFile.objects.exists()
    assert Client().get(before).status_code == 404


def test_too_many_changes_are_put_off() -> None:
    speaker = SpeakerFactory()
    codes = [Client().post(page_of(speaker), said()).status_code for _ in range(31)]
    assert codes == [302] * 30 + [429]

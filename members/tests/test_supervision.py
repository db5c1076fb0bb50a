"""The supervision log: what is noted, and that it is nobody else's."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from linkworkers.audit.models import AuditEvent
from members.actions import learning as actions
from members.factories_learning import SupervisionFactory
from members.models import Supervision

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    """25 November 2026: in the learning year from April 2026 to March 2027."""
    with time_machine.travel(dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def mine(client, member):
    client.force_login(member)
    return client


class TestSupervision:
    TYPED = {
        "on": "24 11 2026",
        "minutes": "60",
        "kind": "group",
        "with_whom": "Three colleagues",
        "themes": ["workload", "career"],
        "note": "Ask for fewer surgeries.",
    }

    def test_is_noted_changed_and_deleted(self, mine, member):
        assert mine.post(reverse("supervision_new"), self.TYPED).status_code == 302
        session = member.supervision.get()
        assert session.theme_labels == ["Workload", "Career"]
        page = mine.get(reverse("supervision")).content.decode()
        assert "Ask for fewer surgeries." in page
        mine.post(reverse("supervision_edit", args=[session.pk]), self.TYPED | {"minutes": "45"})
        assert member.supervision.get().minutes == 45
        mine.post(reverse("supervision_delete", args=[session.pk]))
        assert not Supervision.objects.exists()
        trail = AuditEvent.objects.filter(subject_type="members.supervision")
        assert len(trail) == 3
        assert not any(event.summary or event.facts for event in trail)

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"on": "26 11 2026"}, "in the future"),
            ({"minutes": "4"}, "five minutes or more"),
            ({"minutes": "481"}, "or less"),
            ({"minutes": "an hour"}, "whole number"),
            ({"with_whom": ""}, "their role is enough"),
            ({"themes": ["gossip"]}, "gossip is not one of the available choices"),
            ({"note": "a" * 301}, "at most 300 characters"),
        ],
    )
    def test_what_is_wrong_is_said(self, mine, changes, said):
        assert said in mine.post(reverse("supervision_new"), self.TYPED | changes).content.decode()
        assert not Supervision.objects.exists()

    def test_asks_for_nothing_about_a_person(self, mine):
        page = mine.get(reverse("supervision_new")).content.decode()
        assert "Nothing about a person you support: no name, no story." in page

    def test_is_nobody_elses_the_offices_neither(self, client, member, admin):
        session = SupervisionFactory(user=member, note="Very tired.")
        client.force_login(admin)
        assert "Very tired." not in client.get(reverse("supervision")).content.decode()
        assert client.get(reverse("supervision_edit", args=[session.pk])).status_code == 404
        for act in (actions.delete_supervision, lambda row, by: actions.change_supervision(row, facts={}, by=by)):
            with pytest.raises(PermissionDenied):
                act(session, by=admin)

    def test_the_database_knows_the_themes(self, member):
        with pytest.raises(IntegrityError), transaction.atomic():
            SupervisionFactory(user=member, themes=["gossip"])
        assert connection.is_usable()

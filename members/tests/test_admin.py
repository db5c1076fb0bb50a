"""The office: who gets in, what it can do, and what nobody can."""

import datetime as dt

import pytest
from django.contrib import admin as django_admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from linkworkers.audit.actions import record
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.actions import queue
from linkworkers.outbox.models import Message
from members import actions
from members.admin.accounts import WorkplaceResource
from members.factories import PostFactory, UserFactory, WorkplaceFactory
from members.models import (
    Article,
    Association,
    BankFile,
    BankLine,
    Community,
    Course,
    CreditNote,
    Flag,
    Interest,
    Invitation,
    Invoice,
    LedgerEntry,
    Membership,
    ModerationEntry,
    Moderator,
    PayBand,
    Payment,
    Plan,
    Post,
    Reply,
    Topic,
    User,
    Vacancy,
    Workplace,
)

OTHERS = ["link_worker", "practice_staff", "volunteer", "coordinator", "manager", "member", "provider"]
LISTED = [User, Workplace, Post, Invitation, Message, AuditEvent, Membership, Plan, Interest]
MODELS = [*LISTED, Association]  # whose list is its one row
OF_MEMBERS = {Article, Community, Course, Flag, ModerationEntry, Moderator, PayBand, Reply, Topic, Vacancy}
BOOKS = {BankFile, BankLine, CreditNote, Invoice, LedgerEntry, Payment}


def page(model, name: str = "changelist", *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


def csv(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("workplaces.csv", text.encode(), content_type="text/csv")


def act(client, model, action: str, *rows):
    return client.post(page(model), {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True)


def test_it_holds_what_the_office_needs_and_no_clinical_record():
    others = {
        model
        for model in django_admin.site._registry
        if model._meta.app_label not in ("directory", "events", "volunteers")
    }
    assert others == {*MODELS, *OF_MEMBERS, *BOOKS}


@pytest.mark.parametrize("somebody", OTHERS)
@pytest.mark.parametrize("model", MODELS)
def test_nobody_else_gets_in(request, client, somebody, model):
    client.force_login(request.getfixturevalue(somebody))
    for url in ("/admin/", page(model)):
        answer = client.get(url, follow=True)
        assert not answer.request["PATH_INFO"].startswith("/admin/") or answer.status_code in (403, 404)


def test_an_administrator_whose_post_ended_yesterday_does_not_get_in(office, admin):
    assert office.get("/admin/").status_code == 200
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Post.objects.filter(user=admin).update(start_date=yesterday, end_date=yesterday)
    assert office.get("/admin/").status_code == 302
    assert office.get(reverse("team")).status_code == 404


@pytest.mark.parametrize("model", LISTED)
@pytest.mark.parametrize("rows", [1, 30])
def test_lists_ask_no_more_for_more_rows(office, admin, network, practice, model, rows, django_assert_max_num_queries):
    for number in range(rows):
        PostFactory(workplace=WorkplaceFactory(parent=network))
        actions.invite(email=f"{number}@example.test", name="Nia", workplace=network, role="link_worker", by=admin)
    office.get("/admin/")
    with django_assert_max_num_queries(9):
        assert office.get(page(model)).status_code == 200
    assert office.get(page(model), {"q": "nia"}).status_code == 200


def test_the_front_page_counts_what_needs_the_office(office, admin, network, link_worker):
    actions.invite(email="nia@example.test", name="Nia", workplace=network, role="link_worker", by=admin)
    Post.objects.filter(user=link_worker).update(end_date=timezone.localdate())
    Message.objects.update(state=Message.State.FAILED)
    answer = office.get("/admin/")
    assert [(tile["number"], tile["label"]) for tile in answer.context["tiles"]] == [
        (1, "message not delivered"),
        (0, "applications waiting for our yes"),
        (0, "overdue invoices"),
        (0, "lines of bank files to take in"),
        (0, "payments to place"),
        (0, "payments with nothing to grant"),
        (0, "reports to moderators"),
        (0, "jobs and roles waiting"),
        (0, "suggestions for listings"),
        (0, "listings as their owners want them"),
        (0, "people asking for their listings"),
        (0, "events this month"),
        (0, "offers from waitlists open"),
        (0, "reflections to read"),
        (4, "ways to travel: no mileage rate for today"),
        (1, "invitation waiting for an answer"),
        (1, "post ending within 30 days"),
        (2, "people with a post today"),
    ]
    for tile in answer.context["tiles"]:
        listed = office.get(tile["url"])
        if "no mileage rate" not in tile["label"]:  # what is missing is on no list: this one leads to where it is added
            assert listed.context["cl"].result_count == tile["number"]


@pytest.mark.parametrize("model", [User, Workplace, Post, Invitation, Message, AuditEvent, Membership, Association])
def test_nothing_is_deleted_that_somebody_may_ask_about(office, admin, network, link_worker, member, model):
    invitation = actions.invite(email="nia@example.test", name="Nia", workplace=network, role="link_worker", by=admin)
    row = {User: link_worker, Workplace: network, Post: link_worker.posts.get(), Invitation: invitation}.get(
        model, model.objects.first()
    )
    assert office.post(page(model, "delete", row.pk), {"post": "yes"}).status_code in (200, 403)
    assert model.objects.filter(pk=row.pk).exists()
    act(office, model, "delete_selected", row)
    assert model.objects.filter(pk=row.pk).exists()


class TestPeople:
    def test_are_found_and_renamed_with_a_trace(self, office, link_worker):
        assert "Amara Okafor" in office.get(page(User), {"q": "amara@"}).content.decode()
        shown = office.get(page(User, "change", link_worker.pk)).content.decode()
        assert "Mid Herts Primary Care Network" in shown
        assert "pbkdf2" not in shown
        assert "md5" not in shown
        typed = {"name": "Amara Bello", "email": "thief@example.test", "is_active": "", "posts-TOTAL_FORMS": 0}
        office.post(page(User, "change", link_worker.pk), typed | {"posts-INITIAL_FORMS": 0})
        link_worker.refresh_from_db()
        assert (link_worker.name, link_worker.email, link_worker.is_active) == (
            "Amara Bello",
            "amara@example.test",
            True,
        )
        assert AuditEvent.objects.get(verb="account.renamed").facts["after"] == "Amara Bello"

    def test_are_not_added_by_hand(self, office):
        assert office.get(page(User, "add")).status_code == 403

    def test_accounts_are_closed_and_opened(self, office, link_worker, admin):
        said = act(office, User, "close_accounts", link_worker, admin).content.decode()
        assert "closed by another administrator" in said
        assert set(User.objects.filter(is_active=True)) == {admin}
        act(office, User, "open_accounts", link_worker)
        assert User.objects.get(pk=link_worker.pk).is_active

    def test_a_lost_second_factor_is_removed_and_the_owner_told(self, office, link_worker):
        act(office, User, "remove_second_factors", link_worker)
        assert Message.objects.get().to == link_worker.email


class TestPosts:
    def test_are_given_with_a_trace_and_within_the_rules(self, office, practice):
        user = UserFactory()
        typed = {"user": user.pk, "workplace": practice.pk, "role": "volunteer", "start_date": "2026-01-05", "wte": ""}
        assert office.post(page(Post, "add"), typed).status_code == 302
        post = Post.objects.get(user=user)
        event = AuditEvent.objects.get(verb="post.created")
        assert (event.subject_id, event.facts["role"]) == (str(post.pk), [None, "volunteer"])
        again = office.post(page(Post, "add"), typed).content.decode()
        assert "already holds this role there at that time" in again
        wrong = office.post(page(Post, "add"), typed | {"role": "manager"}).content.decode()
        assert "the roles are: practice staff" in wrong
        backwards = office.post(page(Post, "add"), typed | {"role": "coordinator", "end_date": "2025-01-05"})
        assert "The last day is before the first." in backwards.content.decode()

    def test_keep_who_where_and_since_when(self, office, link_worker, practice):
        post = link_worker.posts.get()
        typed = {"user": UserFactory().pk, "workplace": practice.pk, "role": "manager", "wte": "0.60"}
        office.post(page(Post, "change", post.pk), typed)
        kept = Post.objects.get(pk=post.pk)
        assert (kept.user, kept.workplace, kept.role) == (post.user, post.workplace, post.role)
        assert str(kept.wte) == "0.60"
        assert AuditEvent.objects.get(verb="post.changed").facts == {"wte": [None, "0.60"]}

    def test_end_through_the_action(self, office, link_worker, admin):
        said = act(office, Post, "end_today", link_worker.posts.get(), admin.posts.get()).content.decode()
        assert link_worker.posts.get().end_date == timezone.localdate()
        assert "Nobody else is an administrator" in said
        assert admin.posts.get().end_date is None


class TestInvitations:
    TYPED = {"name": "Nia Evans", "email": "NIA@example.test", "role": "manager", "wte": ""}

    def test_are_sent_like_any_other_and_show_no_link(self, office, network, admin):
        answer = office.post(page(Invitation, "add"), self.TYPED | {"workplace": network.pk})
        assert answer.status_code == 302
        invitation = Invitation.objects.get()
        assert (invitation.email, invitation.invited_by) == ("nia@example.test", admin)
        token = Message.objects.get().text.split("/members/invitations/")[1].split("/")[0]
        for url in (
            page(Invitation),
            page(Invitation, "change", invitation.pk),
            page(Message),
            page(Message, "change", Message.objects.get().pk),
            page(AuditEvent),
        ):
            shown = office.get(url).content.decode()
            assert token not in shown
            assert invitation.token_hash not in shown
        again = office.post(page(Invitation, "add"), self.TYPED | {"workplace": network.pk}).content.decode()
        assert "has been invited to this post already" in again

    def test_begin_with_no_role_chosen(self, office, network):
        role = office.get(page(Invitation, "add")).context["adminform"].form.fields["role"]
        assert role.choices[0] == ("", "Choose")
        typed = self.TYPED | {"workplace": network.pk, "role": ""}
        assert office.post(page(Invitation, "add"), typed).status_code == 200
        assert not Invitation.objects.exists()

    def test_are_sent_again_and_withdrawn(self, office, network, admin):
        invitation = actions.invite(email="nia@example.test", name="Nia", workplace=network, role="manager", by=admin)
        act(office, Invitation, "send_again", invitation)
        assert Message.objects.count() == 2
        act(office, Invitation, "withdraw", invitation)
        assert Invitation.objects.get().state == "Withdrawn"
        assert "has been withdrawn" in act(office, Invitation, "send_again", invitation).content.decode()

    def test_of_each_kind_are_found(self, office, network, admin):
        for number in range(3):
            actions.invite(email=f"{number}@example.test", name="Nia", workplace=network, role="manager", by=admin)
        waiting, gone, back = Invitation.objects.order_by("pk")
        Invitation.objects.filter(pk=gone.pk).update(expires_at=timezone.now())
        actions.withdraw_invitation(back, by=admin)
        for answer, row in (("waiting", waiting), ("expired", gone), ("withdrawn", back)):
            listed = office.get(page(Invitation), {"answer": answer}).context["cl"]
            assert list(listed.queryset) == [row]


class TestTheSheetOfWorkplaces:
    HEADER = "ods_code,kind,name,network_ods_code,region,list_size,postcode,phone,email\n"

    def send(self, office, rows: str):
        sheet = self.HEADER + rows
        return office.post(page(Workplace, "import"), {"format": "0", "import_file": csv(sheet)})

    def test_is_written_as_it_is_read(self, office, network, practice):
        Workplace.objects.filter(pk=network.pk).update(ods_code="U12345")
        assert page(Workplace, "export") in office.get(page(Workplace)).content.decode()
        fields = {f"workplaceresource_{name}": "on" for name in WorkplaceResource().fields}
        sheet = office.post(page(Workplace, "export"), {"format": "0", "resource": "", **fields}).content.decode()
        assert sheet.startswith(self.HEADER.strip())
        assert ",practice,The Maltings Surgery,U12345," in sheet

    def test_is_shown_first_and_saved_when_confirmed(self, office, network, practice):
        Workplace.objects.filter(pk=network.pk).update(ods_code="U12345")
        shown = self.send(office, "E82060,practice,Grange Street Surgery,U12345,east,9100,AL3 5NF,,\n")
        assert not Workplace.objects.filter(ods_code="E82060").exists()
        assert "Grange Street Surgery" in shown.content.decode()
        office.post(page(Workplace, "process_import"), shown.context["confirm_form"].initial)
        saved = Workplace.objects.get(ods_code="E82060")
        assert (saved.parent, saved.list_size) == (network, 9100)
        assert AuditEvent.objects.get(verb="workplace.imported").subject_id == str(saved.pk)

    @pytest.mark.parametrize(
        ("rows", "said"),
        [
            ("E82060,practice,Grange Street Surgery,U99999,east,9100,,,\n", "does not exist"),
            ("E82060,hospital,Grange Street Surgery,,east,9100,,,\n", "not a valid choice"),
            ("e8,practice,Grange Street Surgery,,east,9100,,,\n", "3 to 10 capital letters"),
            ("E82060,employer,Trust,U12345,east,,,,\n", "Only a practice belongs to a network"),
        ],
    )
    def test_that_holds_a_mistake_is_refused_whole(self, office, network, rows, said):
        Workplace.objects.filter(pk=network.pk).update(ods_code="U12345")
        shown = self.send(office, "E82061,practice,A Good Row,U12345,east,1,,,\n" + rows)
        assert said in shown.content.decode()
        assert "confirm_form" not in shown.context
        assert not Workplace.objects.filter(ods_code="E82061").exists()


class TestTheOutbox:
    @pytest.fixture
    def message(self, db) -> Message:
        return queue(
            key="account:1",
            kind="account",
            to="nia@example.test",
            template="account",
            context={"subject": "A subject", "body": "A body"},
        )

    def test_shows_what_failed_first_and_tries_it_again(self, office, message):
        Message.objects.filter(pk=message.pk).update(state=Message.State.FAILED, attempts=12)
        newer = queue(key="2", kind="x", to="x@example.test", template="account", context={"subject": "S", "body": "B"})
        assert list(office.get(page(Message)).context["cl"].result_list) == [message, newer]
        said = act(office, Message, "try_again", message, newer).content.decode()
        message.refresh_from_db()
        assert (message.state, message.attempts) == (Message.State.WAITING, 0)
        assert "Only a failed message can be tried again" in said

    def test_hides_what_is_for_its_reader_alone(self, office, message):
        url = page(Message, "change", message.pk)
        assert "A body" in office.get(url).content.decode()
        Message.objects.update(secret=True)
        assert "A body" not in office.get(url).content.decode()

    def test_is_not_written_by_hand(self, office, message):
        assert office.get(page(Message, "add")).status_code == 403
        assert office.post(page(Message, "change", message.pk), {"to": "thief@example.test"}).status_code == 403


class TestTheAuditTrail:
    def test_is_searched_and_not_written(self, office, link_worker):
        event = record("case.viewed", by=link_worker, subject=link_worker, person_id=4711)
        for typed in ("amara", "case.viewed", "4711"):
            assert list(office.get(page(AuditEvent), {"q": typed}).context["cl"].result_list) == [event]
        assert office.get(page(AuditEvent, "change", event.pk)).status_code == 200
        assert office.post(page(AuditEvent, "change", event.pk), {"verb": "x"}).status_code == 403
        assert office.get(page(AuditEvent, "add")).status_code == 403

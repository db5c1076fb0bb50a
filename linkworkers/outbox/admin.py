"""The outbox in the office: what failed first, to be tried again. Nothing is written or changed by hand."""

from typing import cast

from django.contrib import admin, messages
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest
from unfold.decorators import display

from linkworkers.actions import Refused
from linkworkers.audit.admin import ReadOnly
from linkworkers.outbox.actions import Officer, retry
from linkworkers.outbox.models import Message

State = Message.State


@admin.register(Message)
class MessageAdmin(ReadOnly):
    list_display = ["to", "subject", "kind", "shown_state", "attempts", "created_at", "sent_at"]
    list_filter = ["state", "kind"]
    search_fields = ["to", "subject", "key"]
    search_help_text = "An address, a subject, or a key."
    actions = ["try_again"]
    fieldsets = [
        (None, {"fields": ["to", "subject", "kind", "key", "state"]}),
        ("Delivery", {"fields": ["created_at", "due_at", "next_attempt_at", "attempts", "last_error", "sent_at"]}),
        ("Message", {"fields": ["shown_text"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        rank = Case(When(state=State.FAILED, then=Value(0)), When(state=State.WAITING, then=Value(1)), default=Value(2))
        return super().get_queryset(request).order_by(rank, "-created_at")

    def has_try_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("outbox.change_message")

    @admin.action(description="Try again", permissions=["try_again"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        for message in queryset:
            try:
                retry(message, by=cast(Officer, request.user))
            except Refused as refusal:
                messages.warning(request, f"{message.to}: {refusal}")
            else:
                messages.success(request, f"The message to {message.to} is tried again.")

    @display(
        description="state",
        ordering="state",
        label={State.FAILED: "danger", State.WAITING: "warning", State.SENT: "success"},
    )
    def shown_state(self, message: Message) -> tuple[str, str]:
        return message.state, message.get_state_display()

    @display(description="text")
    def shown_text(self, message: Message) -> str:
        return "Not shown: it holds a link for its reader alone." if message.secret else message.text

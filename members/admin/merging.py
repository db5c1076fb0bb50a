"""The page on which the office makes one record of two."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from unfold.decorators import action
from unfold.widgets import UnfoldBooleanWidget

from linkworkers.actions import Refused
from linkworkers.audit.admin import Office
from members.actions import merging
from members.admin._steps import SearchField, step
from members.http import Request
from members.models import Membership, User


class PairForm(forms.Form):
    keep = SearchField(
        User.objects.all(),
        Membership,
        "user",
        label="The record that stays",
        error_messages={"required": "Choose the record that stays."},
    )
    drop = SearchField(
        User.objects.all(),
        Membership,
        "user",
        label="The record that goes",
        help_text="Its account is closed. What it has moves to the other one.",
        error_messages={"required": "Choose the record that goes."},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("keep") and cleaned.get("keep") == cleaned.get("drop"):
            raise forms.ValidationError("Choose two different records.")
        return cleaned


class AgreeForm(forms.Form):
    """Bound to a pair that was looked at."""

    give_up_overlaps = forms.BooleanField(
        label="The days that are covered twice may be given up",
        widget=UnfoldBooleanWidget,
        error_messages={"required": "Tick this, or leave the two as they are."},
    )

    def __init__(self, merge: merging.Merge, data: Any) -> None:
        super().__init__(data)
        if not merge.overlaps:
            del self.fields["give_up_overlaps"]


class Merging(Office):
    """Adds the page to the office's pages of people."""

    @action(description="Merge two records", url_path="merge", permissions=["change"])
    def merge(self, request: Request) -> HttpResponse:
        pair = PairForm(request.GET if request.GET else None)
        if not pair.is_valid():
            return self._choose(request, pair)
        keep, drop = pair.cleaned_data["keep"], pair.cleaned_data["drop"]
        try:
            merge = merging.look(keep=keep, drop=drop, by=request.user)
        except Refused as refusal:
            pair.add_error(None, str(refusal))
            return self._choose(request, pair)

        def act(said: Any) -> str:
            agreed = said.get("give_up_overlaps", False)
            merging.merge_people(keep=keep, drop=drop, give_up_overlaps=agreed, by=request.user)
            return f"{keep} has what both had. The account of {drop.email} is closed."

        return step(
            self,
            request,
            title="Merge two records",
            form=AgreeForm(merge, request.POST if request.method == "POST" else None),
            act=act,
            back=reverse("admin:members_user_change", args=[keep.pk]),
            button="Merge them",
            danger=True,
            template="admin/members/user/merge.html",
            more={
                "merge": merge,
                "keep": keep,
                "drop": drop,
                "sides": [_facts(keep), _facts(drop)],
                "swapped": urlencode({"keep": drop.pk, "drop": keep.pk}),
            },
        )

    def _choose(self, request: Request, pair: PairForm) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Merge two records",
            "form": pair,
            "media": self.media + pair.media,
            "back": reverse("admin:members_user_changelist"),
        }
        return render(request, "admin/members/user/merge_choose.html", context)

    @admin.action(description="Merge the two that are ticked", permissions=["change"])
    def merge_ticked(self, request: Request, queryset: QuerySet[User]) -> HttpResponse | None:
        two = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
        if len(two) != 2:
            messages.warning(request, "Tick two records of one person.")
            return None
        return redirect(f"{reverse('admin:members_user_merge')}?{urlencode({'keep': two[0], 'drop': two[1]})}")


def _facts(person: User) -> dict[str, Any]:
    membership = Membership.objects.select_related("plan", "sponsor__plan").filter(user=person).first()
    return {
        "person": person,
        "membership": membership,
        "terms": list(membership.terms.select_related("plan")) if membership else [],
        "posts": list(person.posts.select_related("workplace")),
    }

"""The role guide and the news as the office writes them: every save is a version, and any version can come back."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from linkworkers.actions import Refused
from linkworkers.audit.admin import Refusing
from members.actions import articles as actions
from members.admin._base import each
from members.forms.articles import ArticleForm
from members.http import Request
from members.models import Article, ArticleVersion
from members.writing import differences


class OfficeForm(ArticleForm):
    """Says who was quicker, and keeps what was typed. The row is locked while this is asked, until all is saved."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.is_overtaken:
            self.add_error(None, actions.overtaken(self.instance.versions.select_related("by")[0]))
            self.go_on_from_the_newest()
        return cleaned


@admin.register(Article)
class ArticleAdmin(Refusing):
    form = OfficeForm
    list_display = ["title", "kind", "section", "position", "author", "changed_at", "shown_state"]
    list_filter = ["kind", "section", ("published_at", admin.EmptyFieldListFilter)]
    search_fields = ["title", "summary", "text"]
    search_help_text = "A word of its title or its text."
    actions = ["publish", "unpublish"]

    def get_queryset(self, request: Request) -> QuerySet[Article]:
        return super().get_queryset(request).order_by("kind", "position", "-published_at", "-pk")

    def get_object(self, request: Request, object_id: str, from_field: str | None = None) -> Article | None:
        """Locked when something is saved: whoever saves second waits, and then finds the first one's version."""
        found = super().get_object(request, object_id, from_field)
        if found is not None and request.method == "POST":
            return Article.objects.select_for_update().get(pk=found.pk)
        return found

    def get_fields(self, request: Request, obj: Article | None = None) -> list[str]:
        placed = ["slug", "section", "position", "author"]
        shown = ["page", "shown_versions"] if obj else []
        return [*shown, "kind", "title", "summary", "text", *placed, "note", "is_public", "base"]

    def get_readonly_fields(self, request: Request, obj: Article | None = None) -> list[str]:
        """A public page keeps its address."""
        kept = ["kind", "slug"] if obj and obj.is_public else ["kind"] if obj else []
        return ["page", "shown_versions", *kept]

    def get_prepopulated_fields(self, request: Request, obj: Article | None = None) -> dict[str, list[str]]:
        return {} if obj else {"slug": ["title"]}

    def get_form(self, request: Request, obj: Article | None = None, **kwargs: Any) -> type[ModelForm]:
        form = super().get_form(request, obj, **kwargs)
        widgets = {
            "text": UnfoldAdminTextareaWidget(attrs={"rows": 24}),
            "summary": UnfoldAdminTextareaWidget(attrs={"rows": 3}),
            "note": UnfoldAdminTextInputWidget(),
            "is_public": UnfoldBooleanSwitchWidget(),
        }
        for name, widget in widgets.items():
            form.base_fields[name].widget = widget
        return form

    def has_delete_permission(self, request: Request, obj: Model | None = None) -> bool:
        """A page that is not wanted any more becomes a draft."""
        return False

    def save_model(self, request: Request, obj: Article, form: ModelForm, change: bool) -> None:
        given = form.cleaned_data
        fields = {name: given[name] for name in (*actions.WRITTEN, *actions.PLACED) if name in given}
        saved = actions.save(
            obj, fields=fields, base=given.get("base") or 0, note=given.get("note", ""), by=request.user
        )
        obj.pk = saved.pk
        act = actions.publish if given.get("is_public") else actions.unpublish
        act(saved, by=request.user)

    @admin.action(description="Make public", permissions=["change"])
    def publish(self, request: Request, queryset: QuerySet[Article]) -> None:
        each(request, queryset, lambda article: actions.publish(article, by=request.user), "it is public.")

    @admin.action(description="Take back to a draft", permissions=["change"])
    def unpublish(self, request: Request, queryset: QuerySet[Article]) -> None:
        each(request, queryset, lambda article: actions.unpublish(article, by=request.user), "a draft again.")

    @display(description="state", label={"Public": "success", "Draft": "warning"})
    def shown_state(self, article: Article) -> str:
        return "Public" if article.is_public else "Draft"

    @display(description="page")
    def page(self, article: Article) -> SafeString:
        label = "See the page" if article.is_public else "See the draft as a page"
        return format_html('<a class="underline" href="{}">{}</a>', article.get_absolute_url(), label)

    @display(description="versions")
    def shown_versions(self, article: Article) -> SafeString:
        url = reverse("admin:members_article_history", args=[article.pk])
        return format_html('<a class="underline" href="{}">Versions</a>: this is number {}', url, article.version)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Its versions: what changed between two (`from`, `to`), and a button that brings an old one back."""
        if not self.has_view_permission(request):
            return super().history_view(request, object_id, extra_context)
        article = get_object_or_404(Article, pk=object_id) if object_id.isdigit() else None
        if article is None:
            raise Http404
        if request.method == "POST":
            return self._restore(request, article)
        versions = list(article.versions.select_related("by").defer("text"))
        newest = versions[0].number if versions else 0
        to = _number(request, "to", newest)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Versions of {article}",
            "opts": self.opts,
            "article": article,
            "versions": versions,
            **_compared(article, _number(request, "from", max(to - 1, 1)), to),
        }
        return TemplateResponse(request, "admin/members/article/versions.html", context)

    def _restore(self, request: HttpRequest, article: Article) -> HttpResponse:
        version = get_object_or_404(article.versions, number=_number(request, "restore", 0))
        try:
            actions.restore(version, by=request.user)  # type: ignore[arg-type]
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"It reads like version {version.number} again. Nothing was lost.")
        return redirect("admin:members_article_history", article.pk)


def _number(request: HttpRequest, name: str, otherwise: int) -> int:
    """A version's number as it was chosen; small enough for the database."""
    typed = (request.POST if request.method == "POST" else request.GET).get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else otherwise


def _compared(article: Article, one: int, other: int) -> dict[str, Any]:
    found = {version.number: version for version in article.versions.filter(number__in=[one, other])}
    before, after = found.get(one), found.get(other)
    if before is None or after is None:
        return {"before": None, "after": after}
    return {"before": before, "after": after, "lines": differences(_whole(before), _whole(after))}


def _whole(version: ArticleVersion) -> str:
    return f"{version.title}\n{version.summary}\n\n{version.text}"

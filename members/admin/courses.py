"""The office's pages of short courses: written, looked at, published."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.forms.models import BaseInlineFormSet
from django.utils.html import format_html
from unfold.admin import StackedInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from linkworkers.audit.admin import Audited
from members.http import Request
from members.models import Course, CourseSection, QuizQuestion
from members.models.course import read_choices, write_choices

EXAMPLE = "One answer a line. Begin a right one with * and a wrong one with -, two to six lines, as in: * Ring first"


class PartsFormSet(BaseInlineFormSet):
    """What is published has at least one of these; `lacking` is what is said when there is none."""

    lacking = ""

    def clean(self) -> None:
        super().clean()
        gone = self.deleted_forms
        left = [form for form in self.forms if (form.has_changed() or form.instance.pk) and form not in gone]
        if self.instance.is_published and not left:
            raise ValidationError(f"{self.lacking} Write one, or take the tick from “published”.")


class SectionFormSet(PartsFormSet):
    lacking = "A published course has at least one part."


class QuestionFormSet(PartsFormSet):
    lacking = "A published course has at least one question."


class SectionInline(StackedInline):
    model = CourseSection
    formset = SectionFormSet
    extra = 0
    fields = ["order", "title", "text"]
    verbose_name = "part"
    verbose_name_plural = "parts, each a page"


class QuestionForm(forms.ModelForm):
    """A question whose answers are typed as lines."""

    answers = forms.CharField(
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        max_length=3000,
        help_text=EXAMPLE,
        error_messages={"required": EXAMPLE},
    )

    class Meta:
        model = QuizQuestion
        fields = ["order", "text", "answers", "explanation"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["answers"] = write_choices(self.instance.choices)

    def clean_answers(self) -> str:
        text = self.cleaned_data["answers"]
        self.instance.choices = read_choices(text)
        return text


class QuestionInline(StackedInline):
    model = QuizQuestion
    form = QuestionForm
    formset = QuestionFormSet
    extra = 0
    verbose_name = "question"
    verbose_name_plural = "questions"


@admin.register(Course)
class CourseAdmin(Audited):
    """Changed at any time: certificates keep what they said. A course that somebody has begun is not deleted."""

    list_display = ["title", "is_published", "points", "minutes", "begun", "passed"]
    list_filter = ["is_published"]
    search_fields = ["title", "summary"]
    search_help_text = "A word of its title or summary."
    inlines = [SectionInline, QuestionInline]
    prepopulated_fields = {"slug": ("title",)}
    fields = [
        "title",
        "slug",
        "summary",
        "minutes",
        "points",
        "formal_hours",
        "author",
        "pass_mark",
        "version_note",
        "is_published",
        "page",
    ]

    def get_queryset(self, request: Request) -> QuerySet[Course]:
        people = Count("progress", distinct=True)
        passed = Count("progress", filter=Q(progress__passed_at__isnull=False), distinct=True)
        return super().get_queryset(request).annotate(number_begun=people, number_passed=passed)

    def get_readonly_fields(self, request: Request, obj: Course | None = None) -> list[str]:
        return ["slug", "page"] if obj else ["page"]

    def get_prepopulated_fields(self, request: Request, obj: Course | None = None) -> dict[str, Any]:
        return {} if obj else self.prepopulated_fields

    def has_delete_permission(self, request: Request, obj: Course | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.progress.exists())

    @display(description="its page")
    def page(self, course: Course) -> str:
        if not course.pk:
            return "Save it first, unpublished, and look at it as readers will."
        return format_html('<a class="underline" href="{}">Look at it as readers do</a>', course.get_absolute_url())

    @display(description="begun", ordering="number_begun")
    def begun(self, course: Any) -> int:
        return course.number_begun

    @display(description="passed", ordering="number_passed")
    def passed(self, course: Any) -> int:
        return course.number_passed

"""Short courses: anybody reads them; whoever has an account keeps their place, answers, and gets a certificate."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from linkworkers import markdown
from linkworkers.actions import Refused
from linkworkers.http import as_pdf
from linkworkers.limits import allows
from members.actions import courses as actions
from members.forms.courses import QuizForm
from members.http import Request
from members.learning_pdf import course_certificate_pdf
from members.models import Association, Course, CourseCertificate, CourseProgress, User
from members.permissions import is_member

GET_OR_POST = ["GET", "POST"]
PER_PAGE = 20


@require_GET
def courses(request: HttpRequest) -> HttpResponse:
    """All courses, with how far the reader has come in each."""
    found = Course.objects.visible_to(request.user).annotate(parts=Count("sections")).order_by("title", "pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    begun: dict[int, CourseProgress] = {}
    certificates: list[CourseCertificate] = []
    if isinstance(request.user, User):
        begun = {row.course_id: row for row in CourseProgress.objects.filter(user=request.user).defer("answers")}
        certificates = list(CourseCertificate.objects.filter(user=request.user))
    rows = [(course, begun.get(course.pk)) for course in page]
    return render(request, "members/courses/courses.html", {"page": page, "rows": rows, "certificates": certificates})


@require_GET
def course(request: HttpRequest, course_slug: str) -> HttpResponse:
    """What a course is about, what is in it, and where the reader goes on."""
    found = _course(request, course_slug)
    sections = list(found.sections.defer("text"))
    progress = _progress(request, found)
    read = set(progress.read) if progress else set()
    unread = [section for section in sections if section.pk not in read]
    certificate = None
    if progress and progress.passed_at:
        certificate = CourseCertificate.objects.filter(user=progress.user_id, course=found).first()
    return render(
        request,
        "members/courses/course.html",
        {
            "course": found,
            "rows": [(section, section.pk in read) for section in sections],
            "number_read": len(sections) - len(unread),
            "following": unread[0] if unread else None,
            "progress": progress,
            "certificate": certificate,
        },
    )


@require_http_methods(GET_OR_POST)
def section(request: HttpRequest, course_slug: str, section_id: int) -> HttpResponse:
    """One part. Going on from it (a POST) notes that it was read, for whoever has an account."""
    found = _course(request, course_slug)
    sections = list(found.sections.defer("text"))
    place = next((number for number, each in enumerate(sections) if each.pk == section_id), None)
    if place is None:
        messages.info(request, "That part is no longer in this course. These are its parts now.")
        return redirect(found)
    following = sections[place + 1] if place + 1 < len(sections) else None
    if request.method == "POST":
        if isinstance(request.user, User):
            actions.mark_read(sections[place], by=request.user)
        if following:
            return redirect("course_section", course_slug, following.pk)
        return redirect("course_quiz", course_slug)
    shown = found.sections.get(pk=section_id)
    return render(
        request,
        "members/courses/section.html",
        {
            "course": found,
            "section": shown,
            "text": markdown.render(shown.text),
            "number": place + 1,
            "count": len(sections),
            "previous": sections[place - 1] if place else None,
            "following": following,
        },
    )


@require_http_methods(GET_OR_POST)
@login_required
def quiz(request: Request, course_slug: str) -> HttpResponse:
    """All questions on one page, as often as one likes."""
    found = _course(request, course_slug)
    form = QuizForm(request.POST or None, questions=found.questions.all())
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_quiz(found, chosen=form.chosen(), by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("course_result", course_slug)
    return render(request, "members/courses/quiz.html", {"course": found, "form": form})


@require_GET
@login_required
def result(request: Request, course_slug: str) -> HttpResponse:
    """How the reader answered last, with why."""
    found = _course(request, course_slug)
    progress = _progress(request, found)
    if progress is None or not progress.attempts:
        return redirect("course_quiz", course_slug)
    return render(
        request,
        "members/courses/result.html",
        {
            "course": found,
            "progress": progress,
            "right": sum(bool(answer["right"]) for answer in progress.answers),
            "certificate": CourseCertificate.objects.filter(user=request.user, course=found).first(),
            "is_member": is_member(request.user),
        },
    )


@require_GET
@login_required
def certificate(request: Request, certificate_code: str) -> HttpResponse:
    """One's own certificate on paper, whatever became of the course."""
    found = get_object_or_404(CourseCertificate, user=request.user, code=certificate_code)
    return as_pdf(course_certificate_pdf(found, association=Association.get().name), "certificate.pdf")


@require_GET
def certificate_check(request: HttpRequest, certificate_code: str) -> HttpResponse:
    """Whether a certificate is true, for whoever holds the paper: the course and the month, and the holder's initials.

    Counted, so that nobody goes through codes.
    """
    if not allows(request, "certificate_check", "certificate"):
        return render(request, "members/courses/certificate_check.html", {"too_many": True}, status=429)
    found = CourseCertificate.objects.filter(code=certificate_code.replace("-", "").upper()).first()
    context: dict[str, Any] = {"certificate": found}
    return render(request, "members/courses/certificate_check.html", context, status=200 if found else 404)


def _course(request: HttpRequest, course_slug: str) -> Course:
    return get_object_or_404(Course.objects.visible_to(request.user), slug=course_slug)


def _progress(request: HttpRequest, course: Course) -> CourseProgress | None:
    if not isinstance(request.user, User):
        return None
    return CourseProgress.objects.filter(user=request.user, course=course).first()

"""Which mails somebody wants."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from members.actions import mail as actions
from members.forms.people import MailChoicesForm
from members.http import Request
from members.mail_kinds import KINDS, kinds_for, read_unsubscribe
from members.models import MailChoice, User

GET_OR_POST = ["GET", "POST"]


@require_http_methods(GET_OR_POST)
@login_required
def mail_choices(request: Request) -> HttpResponse:
    kinds = kinds_for(request.user)
    chosen = dict(MailChoice.objects.filter(user=request.user).values_list("kind", "frequency"))
    initial = {kind.key: chosen.get(kind.key, kind.usual.value) for kind in kinds}
    form = MailChoicesForm(request.POST or None, kinds=kinds, chosen=initial)
    if request.method == "POST" and form.is_valid():
        actions.choose_mails(form.cleaned_data, by=request.user)
        messages.success(request, "Your choices are saved.")
        return redirect("mail_choices")
    return render(request, "members/mail_choices.html", {"form": form})


@csrf_exempt  # a mail program presses the button for its reader (RFC 8058): the signed link says who that is
@require_http_methods(GET_OR_POST)
def unsubscribe(request: HttpRequest, mail_token: str) -> HttpResponse:
    """Ends one kind of mail without logging in. Reading the page changes nothing: programs follow links in mails."""
    read = read_unsubscribe(mail_token)
    user = User.objects.filter(pk=read[0]).first() if read else None
    if read is None:
        return render(request, "members/unsubscribe_unknown.html", status=404)
    kind, step = read[1], "ask"
    if request.method == "POST":
        step = "restored" if request.POST.get("again") else "ended"
        if user:
            (actions.restore_mails if step == "restored" else actions.end_mails)(user, kind)
    return render(request, "members/unsubscribe.html", {"kind": KINDS[kind], "step": step})

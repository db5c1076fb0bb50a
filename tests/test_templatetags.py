"""What templates say about dates and people, and that our form controls are Django's, written faster."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django import forms
from django.test import SimpleTestCase
from django.utils.translation import gettext_lazy

from linkworkers import templatetags as tags

LONDON = ZoneInfo("Europe/London")
MONDAY_MORNING = dt.datetime(2026, 11, 23, 9, 0, tzinfo=LONDON)


@pytest.fixture
def monday():
    with time_machine.travel(MONDAY_MORNING, tick=False):
        yield


@pytest.mark.parametrize(
    ("number", "shown"), [("9434765919", "943 476 5919"), ("123", "123"), ("943 476 5919", "943 476 5919"), (None, "")]
)
def test_an_nhs_number_is_shown_as_on_a_letter(number, shown):
    assert tags.nhs(number) == shown


@pytest.mark.parametrize(
    ("born", "years"),
    [
        (dt.date(1971, 11, 23), 55),
        (dt.date(1971, 11, 24), 54),
        (dt.date(2026, 11, 23), 0),
        (dt.date(1920, 2, 29), 106),
        (None, ""),
    ],
)
def test_an_age_changes_on_the_birthday(monday, born, years):
    assert tags.age(born) == years


def test_an_age_follows_the_day_in_london():
    with time_machine.travel(dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC), tick=False):  # 1 July there
        assert tags.age(dt.date(2000, 7, 1)) == 26


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (dt.datetime(2026, 11, 23, 14, 30, tzinfo=LONDON), "today 14:30"),
        (dt.datetime(2026, 11, 22, 16, 40, tzinfo=LONDON), "yesterday 16:40"),
        (dt.datetime(2026, 11, 24, 0, 0, tzinfo=LONDON), "tomorrow 00:00"),
        (dt.datetime(2026, 11, 16, 11, 0, tzinfo=LONDON), "Mon 16 Nov"),
        (dt.datetime(2025, 11, 16, 11, 0, tzinfo=LONDON), "Sun 16 Nov 2025"),
        (dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC), "Thu 2 Jul"),
        (dt.date(2026, 11, 23), "today"),
        (dt.date(2026, 12, 4), "Fri 4 Dec"),
        (None, ""),
    ],
)
def test_a_day_is_told_as_people_say_it(monday, moment, shown):
    assert tags.when(moment) == shown


def test_an_appointment_further_off_can_keep_its_time(monday):
    assert tags.when(dt.datetime(2026, 12, 4, 9, 5, tzinfo=LONDON), "time") == "Fri 4 Dec 09:05"
    assert tags.when(dt.date(2026, 12, 4), "time") == "Fri 4 Dec"


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (dt.timedelta(seconds=59), "less than a minute"),
        (dt.timedelta(minutes=1), "1 minute"),
        (dt.timedelta(minutes=59, seconds=59), "59 minutes"),
        (dt.timedelta(hours=23), "23 hours"),
        (dt.timedelta(days=1), "1 day"),
        (dt.timedelta(days=13, hours=23), "13 days"),
        (dt.timedelta(days=14), "2 weeks"),
        (dt.timedelta(weeks=6), "6 weeks"),
        (dt.timedelta(days=83), "11 weeks"),
        (dt.timedelta(days=84), "2 months"),
        (dt.timedelta(days=800), "2 years"),
        (dt.timedelta(days=-3), "3 days"),
    ],
)
def test_a_wait_is_one_unit_rounded_down(monday, ago, shown):
    assert tags.wait(MONDAY_MORNING - ago) == shown


def test_a_wait_since_a_date_counts_days(monday):
    assert tags.wait(dt.date(2026, 11, 20)) == "3 days"
    assert tags.wait(dt.date(2026, 11, 23)) == "less than a day"
    assert tags.wait(None) == ""


@pytest.mark.parametrize(
    ("given", "family", "shown"),
    [
        ("Jim", "Harcourt", "Jim H."),
        ("Zoë", "E\u0301tienne", "Zoë É."),
        ("سميرة", "العلي", "سميرة ا."),
        ("अमर", "कुमार", "अमर कु."),
        ("Jim", "  ", "Jim"),
        ("", "Harcourt", "H."),
        ("Ada", "O’Brien", "Ada O."),
    ],
)
def test_a_name_is_shortened_in_any_script(given, family, shown):
    assert tags.initials_name(given, family) == shown


def test_what_was_typed_is_shown_and_never_run():
    assert tags.plain_paragraphs("<script>alert(1)</script>\r\nsecond line\n\n\nnew & old ") == (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;<br>second line</p>\n\n<p>new &amp; old</p>"
    )
    assert tags.plain_paragraphs(None) == tags.plain_paragraphs(" \n ") == ""


class EveryControl(forms.Form):
    """Each widget the house uses, with values that would break out of their attribute if they could."""

    COLOURS = [("r", gettext_lazy("Red")), ('"><b>', "Blue & <green>")]
    GROUPED = [("", "Choose one"), ("Warm", COLOURS), ("Cold", [(3, "Three")])]

    text = forms.CharField(help_text="A hint", max_length=9, widget=forms.TextInput(attrs={"class": "short"}))
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    secret = forms.CharField(widget=forms.PasswordInput, disabled=True)
    number = forms.IntegerField(min_value=0)
    mail = forms.EmailField()
    day = forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    time = forms.TimeField(widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    colour = forms.ChoiceField(choices=GROUPED)
    colours = forms.MultipleChoiceField(choices=COLOURS, widget=forms.SelectMultiple)
    agreed = forms.BooleanField()
    upload = forms.FileField(required=False)


def every_control(**values):
    return EveryControl(initial=values) if values else EveryControl({"text": '"><script>'})


FILLED = {
    "text": '"><script>alert(1)</script>',
    "note": "\nfirst <line>",
    "secret": "never shown",
    "number": 1_000,
    "day": dt.date(2026, 11, 23),
    "time": dt.time(9, 5),
    "colour": '"><b>',
    "colours": ["r", '"><b>'],
    "agreed": True,
}


@pytest.mark.parametrize("form", [every_control(**FILLED), every_control()], ids=["filled in", "with errors"])
@pytest.mark.parametrize("name", EveryControl.base_fields)
def test_a_control_is_what_django_would_write(form, name):
    field = form[name]
    ours = tags.control(field)
    own = field.field.widget.attrs.get("class", "")
    kind = {"colour": "form-select", "colours": "form-select", "agreed": "form-check-input"}.get(name, "form-control")
    SimpleTestCase().assertHTMLEqual(ours, field.as_widget(attrs={"class": f"{kind} {own}".strip()}))


@pytest.mark.parametrize(
    ("address", "link"),
    [
        (
            "events@linkworkers.example",
            '<a href="mailto:events@linkworkers.example">events@<wbr>linkworkers.example</a>',
        ),
        ("o'neil+tea@x.example", '<a href="mailto:o%27neil%2Btea@x.example">o&#x27;neil+tea@<wbr>x.example</a>'),
        ("a?bcc=b@x.example", '<a href="mailto:a%3Fbcc%3Db@x.example">a?bcc=b@<wbr>x.example</a>'),
    ],
)
def test_a_link_to_write_to_somebody_goes_to_them_alone(address, link):
    assert tags.mail_link(address) == link


class Choices(forms.Form):
    reasons = forms.MultipleChoiceField(choices=EveryControl.GROUPED[1:], widget=forms.CheckboxSelectMultiple)
    urgency = forms.ChoiceField(choices=EveryControl.COLOURS, widget=forms.RadioSelect)


def test_choices_are_rows_each_with_its_label():
    form = Choices(initial={"urgency": "r"})
    SimpleTestCase().assertHTMLEqual(
        tags.control(form["urgency"]),
        """<div class="ticks">
        <div class="tick"><input type="radio" name="urgency" value="r" class="form-check-input" required checked
          id="id_urgency_0"><label for="id_urgency_0">Red</label></div>
        <div class="tick"><input type="radio" name="urgency" value="&quot;&gt;&lt;b&gt;" class="form-check-input"
          required id="id_urgency_1"><label for="id_urgency_1">Blue &amp; &lt;green&gt;</label></div>
        </div>""",
    )
    assert '<p class="ticks-group">Warm</p>' in tags.control(form["reasons"])


def test_a_link_to_a_field_leads_to_its_first_control():
    assert tags.first_control_id(Choices()["reasons"]) == "id_reasons_0"
    assert tags.first_control_id(EveryControl()["text"]) == "id_text"


def test_each_kind_of_field_is_laid_out_its_own_way():
    assert tags.control_kind(EveryControl()["agreed"]) == "tick"
    assert tags.control_kind(Choices()["reasons"]) == "group"
    assert tags.control_kind(EveryControl()["colour"]) == "input"


def test_a_form_drawn_in_parts_is_summed_up_once():
    form = EveryControl({})
    assert [tags.takes_error_summary(form), tags.takes_error_summary(form)] == [True, False]
    assert not tags.takes_error_summary(EveryControl())

"""Why somebody of the team takes personal data away as a file, or acts on many people at once (G-12).

They choose from a short list before it is done. The trail then has a line of who, what, how many and why, which names
nobody and holds no values; the team's front page shows the lines of the last days to those who may read the trail.
"""

import datetime as dt
import re
import uuid
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest

from accounts import clock
from accounts.models import User
from privacy import registry, typed
from privacy.models import DONE_TO_MANY, EXPORTED, PURPOSE_VERBS, AuditEvent, Why
from privacy.services import record
from ui import bulk
from ui.forms import Form

MANY = 25  # more people than this at once
SHOWN_FOR, MOST_LINES = dt.timedelta(days=7), 200
_ID = re.compile(r"[A-Za-z0-9._-]{8,100}")


class PurposeForm(Form):
    """What for. `OTHER` takes a few words."""

    mark_optional = False
    purpose = forms.ChoiceField(
        label="What is it for?",
        help_text="The trail notes it with your name, and those of the team who may read the trail see it on Today.",
        choices=Why.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is for.", "invalid_choice": "Choose what it is for."},
    )
    purpose_words = forms.CharField(
        label="If it is something else: what?",
        help_text="A few words. Name nobody.",
        max_length=120,
        required=False,
        error_messages={"max_length": "Say it in 120 characters or fewer."},
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("purpose") == Why.OTHER and not said.get("purpose_words"):
            self.add_error("purpose_words", "Say in a few words what it is for.")
        return said

    @property
    def said(self) -> dict[str, str]:
        """What the trail keeps of it: the choice, and words where it was something else."""
        why, words = self.cleaned_data["purpose"], self.cleaned_data["purpose_words"]
        return {"purpose": str(why)} | ({"words": words} if why == Why.OTHER else {})


def asked(request: HttpRequest) -> PurposeForm:
    """For a page of our own that hands out a file: the question, answered where it was sent."""
    return typed.put_back(request, PurposeForm(request.POST if request.method == "POST" else None))


def question(request: HttpRequest, people: int, *, sent: bool) -> PurposeForm | None:
    """For a page of our own that acts on so many: the question, answered where the act was `sent`; None for few."""
    return typed.put_back(request, PurposeForm(request.POST if sent else None)) if people > MANY else None


def unanswered(form: PurposeForm | None) -> bool:
    return form is not None and not form.is_valid()


def note_export(
    request: HttpRequest, form: PurposeForm, *, what: str, rows: int, one: models.Model | None = None, **more: Any
) -> None:
    """A file of personal data is taken away: `what` is the list, `rows` how many the file has, `one` any of them."""
    _note(EXPORTED, request, form, what, rows, one, **more)


def note_many(
    request: HttpRequest, form: PurposeForm | None, *, what: str, rows: int, act: str, one: models.Model | None = None
) -> None:
    """Many people are acted on at once: `what` is their list, `act` what the button says. Nothing for a few."""
    if form is not None:
        _note(DONE_TO_MANY, request, form, what, rows, one, act=act)


def note_step(request: HttpRequest, *, what: str, rows: int, act: str) -> None:
    """A step of a cohort that its plan holds for everybody in it: what for need not be asked, and is written down."""
    form = PurposeForm({"purpose": Why.COHORT.value})
    if rows > MANY and form.is_valid():
        note_many(request, form, what=what, rows=rows, act=act)


def ask_before_bulk_acts() -> None:
    """Have every act of the admin's lists on many rows ask first."""
    bulk.ask_of_many(bulk.Many(above=MANY, form=PurposeForm, note=_note_act))


def _note_act(request: HttpRequest, form: Any, act: bulk.Act, rows: list[Any]) -> None:
    what = rows[0]._meta.label_lower
    note_many(request, form, what=what, rows=len(rows), act=act.button, one=rows[0])


def _note(
    verb: str, request: HttpRequest, form: PurposeForm, what: str, rows: int, one: models.Model | None, **more: Any
) -> None:
    """The line is about who did it; of a list that few may know of, about one of its rows: see `registry.confide`."""
    by: Any = request.user
    about = one if one is not None and one._meta.label in registry.confided() else by
    record(by=by, verb=verb, about=about, list=what, rows=rows, request=request_id(request), **form.said, **more)


def request_id(request: HttpRequest) -> str:
    """What the server in front of us calls this request, so that its own log leads here; else one of ours."""
    given = request.headers.get("X-Request-ID", "")
    return given if _ID.fullmatch(given) else str(uuid.uuid4())


def lately(user: User) -> list[AuditEvent]:
    """The lines of the last days, the newest first, for somebody who may read the trail. As a rule one query.

    Such a line is about who wrote it, except one about what was told in confidence: then it is asked who knows of it.
    """
    since = clock.now() - SHOWN_FOR
    found = AuditEvent.objects.filter(verb__in=PURPOSE_VERBS, at__gt=since, data__has_key="purpose")
    lines = list(found.select_related("actor").order_by("-at")[:MOST_LINES])
    if all(line.object_id == line.actor_id for line in lines):
        return lines
    known = set(found.for_staff(user).values_list("pk", flat=True))
    return [line for line in lines if line.pk in known]

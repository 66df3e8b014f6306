"""What somebody put into their circle's space, corrected by them, or taken away by them or by who leads."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from circles.forms import AgendaItemForm
from circles.selectors.entries import KINDS, Entry, entry_of
from circles.selectors.people import name_for, roster
from circles.services import agenda, space
from circles.space_forms import ActionForm, GoalForm, NoticeForm
from participants.models import Enrolment
from portal.asking import Caution, ask, asks_first
from portal.views.circle import posted
from privacy import typed


@dataclass(frozen=True)
class Kind:
    """How pages speak of one kind of thing: `label` is its field's, `gone` what comes of taking it away."""

    word: str
    page: str  # on which it stands
    label: str
    gone: str
    note: str = ""  # above the form that changes it


KINDS_IN_WORDS = {
    "agenda": Kind(
        word="item on the agenda",
        page="portal:circle",
        label="What to talk about",
        gone="It goes from the agenda for everybody, with the votes for it, and can’t be brought back. "
        "If you have talked about it, tick it off instead.",
    ),
    "goal": Kind(
        word="goal",
        page="portal:circle_plan",
        label="The goal",
        gone="It goes for everybody and can’t be brought back. If you have reached it, mark it as reached instead.",
    ),
    "action": Kind(
        word="action",
        page="portal:circle_plan",
        label="What is to be done",
        gone="It goes for everybody and can’t be brought back. If it is done, mark it as done instead.",
    ),
    "notice": Kind(
        word="notice",
        page="portal:notices",
        label="The notice",
        gone="Its words are gone for everybody and can’t be brought back. Copies that have gone out by e-mail can’t be "
        "called back; those that have not left yet never will.",
        note="The board says that you changed it. Copies that have gone out by e-mail stay as they were, and nobody is "
        "sent another.",
    ),
}


@asks_first
def change(request: HttpRequest, kind: str, pk: UUID) -> HttpResponse:
    """For who wrote it alone: who leads takes away, and puts no words into anybody's mouth."""
    entry = _entry(request, kind, pk)
    if not entry.is_mine:
        raise Http404
    kind_words = KINDS_IN_WORDS[kind]
    form = typed.put_back(request, _form(request, entry))
    form.fields["text"].label = kind_words.label
    back = reverse(kind_words.page, args=[entry.circle.pk])
    if request.method == "POST" and form.is_valid():
        _save(entry, form)
        messages.success(request, "Your change is saved.")
        return redirect(back)
    context = {"entry": entry, "circle": entry.circle, "form": form, "back": back, "words": kind_words}
    return render(request, "portal/circle/change_entry.html", context)


@asks_first
def take_away(request: HttpRequest, kind: str, pk: UUID) -> HttpResponse:
    """For who wrote it, and for who leads the circle."""
    entry = _entry(request, kind, pk)
    back = reverse(KINDS_IN_WORDS[kind].page, args=[entry.circle.pk])
    if request.method != "POST":
        return ask(request, _caution(request, entry, back))
    _take(entry)
    messages.success(request, f"The {KINDS_IN_WORDS[kind].word} is taken away.")
    return redirect(back)


def _entry(request: HttpRequest, kind: str, pk: UUID) -> Entry:
    entry = entry_of(kind, pk, request.user) if kind in KINDS else None
    if entry is None:
        raise Http404
    return entry


def _form(request: HttpRequest, entry: Entry) -> ModelForm:
    given: dict[str, Any] = {"data": posted(request), "instance": entry.what}
    if entry.kind == "goal":
        return GoalForm(**given, mutual=entry.circle.cohort.format.mutual)
    if entry.kind == "action":
        return ActionForm(**given, people=roster(entry.circle, request.user))
    return NoticeForm(**given) if entry.kind == "notice" else AgendaItemForm(**given)


def _save(entry: Entry, form: ModelForm) -> None:
    values, by = dict(form.cleaned_data), entry.seat.enrolment
    if entry.kind == "agenda":
        agenda.change_item(item=entry.what, enrolment=by, **values)
    elif entry.kind == "goal":
        space.change_goal(goal=entry.what, enrolment=by, **{"competency": "", **values})
    elif entry.kind == "action":
        owner = Enrolment.objects.get(pk=values.pop("owner_id"))
        space.change_action(action=entry.what, owner=owner, enrolment=by, **values)
    else:
        space.change_notice(notice=entry.what, enrolment=by, **values)


def _take(entry: Entry) -> None:
    by = entry.seat.enrolment
    if entry.kind == "agenda":
        agenda.take_away(item=entry.what, enrolment=by)
    elif entry.kind == "notice":
        space.take_down(notice=entry.what, enrolment=by)
    else:
        space.take_away(what=entry.what, enrolment=by)


def _caution(request: HttpRequest, entry: Entry, back: str) -> Caution:
    words = KINDS_IN_WORDS[entry.kind]
    whose = "your" if entry.is_mine else "this"
    follows = words.gone
    if not entry.is_mine:
        writer = name_for(entry.writer, entry.circle, request.user)
        follows = f"{writer} wrote it and is not told that you took it away: say why yourself. {follows}"
    return Caution(
        title=f"Take {whose} {words.word} away",
        asks="Take it away?",
        follows=follows,
        confirm="Take it away",
        back=back,
        eyebrow=str(entry.circle),
        quoted=entry.what.text,
    )

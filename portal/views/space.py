"""A circle's own space: notice board, votes, goals and actions, notes of a session, and asking the team for help."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from circles.models import Circle, Membership
from circles.selectors import space as selectors
from circles.selectors.entries import leads_others
from circles.selectors.people import name_for, roster
from circles.selectors.sessions import agenda_for, sessions_for
from circles.services import space
from circles.space_forms import ActionForm, GoalForm, HelpForm, NotesForm, NoticeForm
from participants.models import Enrolment
from portal.views.circle import led_circle, own_circle, posted, seat_in
from privacy import typed
from surveys.services import ask_for_help


def notices(request: HttpRequest, pk: object) -> HttpResponse:
    """The notice board; what is put up goes to everybody else by e-mail too."""
    own, seat = own_circle(request, pk)
    form = typed.put_back(request, NoticeForm(posted(request)))
    if request.method == "POST" and form.is_valid() and _put_up(request, own, seat, form):
        return redirect("portal:notices", own.pk)
    people = roster(own, request.user)
    context = {"circle": own, "notices": selectors.notices_of(own, people), "form": form, "others": len(people) - 1}
    context |= {"seat": seat, "words": seat.words, "leads": leads_others(seat)}
    return render(request, "portal/circle/notices.html", context)


def _put_up(request: HttpRequest, own: Circle, seat: Membership, form: NoticeForm) -> bool:
    try:
        space.put_up(circle=own, text=form.cleaned_data["text"], enrolment=seat.enrolment)
    except space.TooManyNoticesError:
        form.add_error("text", f"You have written {space.NOTICES_A_DAY} notices since yesterday. Write again tomorrow.")
        return False
    messages.success(request, "Your notice is posted, and the others get a copy by e-mail.")
    return True


@require_POST
def vote(request: HttpRequest, pk: object) -> HttpResponse:
    item = get_object_or_404(agenda_for(request.user).filter(done_at__isnull=True), pk=pk)
    seat = seat_in(request, item.circle)
    wanted = request.POST.get("wanted") == "yes"
    space.set_vote(item=item, wanted=wanted, enrolment=seat.enrolment)
    messages.success(request, "Your vote counts." if wanted else "Your vote is taken back.")
    return redirect("portal:circle", item.circle_id)


# --- goals and actions ------------------------------------------------------------------------
def plan(request: HttpRequest, pk: object) -> HttpResponse:
    """The goals and actions of a circle. Two forms stand here; `add` says which of them was sent."""
    own, seat = own_circle(request, pk)
    people = roster(own, request.user)
    sent = request.POST.get("add", "") if request.method == "POST" else ""
    goal = GoalForm(request.POST if sent == "goal" else None, mutual=own.cohort.format.mutual)
    action = ActionForm(request.POST if sent == "action" else None, people=people)
    forms = [typed.put_back(request, one) for one in (goal, action)]
    if _add(request, own, seat, goal, action):
        return redirect("portal:circle_plan", own.pk)
    context = {
        "circle": own,
        "seat": seat,
        "leads": leads_others(seat),
        "goals": selectors.goals_of(own),
        "actions": selectors.actions_of(own, people),
        "goal_form": goal,
        "action_form": action,
        "forms": forms,
    }
    return render(request, "portal/circle/goals.html", context)


def _add(request: HttpRequest, own: Circle, seat: Membership, goal: GoalForm, action: ActionForm) -> bool:
    if goal.is_bound and goal.is_valid():
        values: dict[str, Any] = {"competency": "", **goal.cleaned_data}
        space.add_goal(circle=own, enrolment=seat.enrolment, **values)
        messages.success(request, "The goal is added.")
        return True
    if action.is_bound and action.is_valid():
        values = dict(action.cleaned_data)
        owner = Enrolment.objects.get(pk=values.pop("owner_id"))
        space.add_action(circle=own, enrolment=seat.enrolment, owner=owner, **values)
        messages.success(request, "The action is added.")
        return True
    return False


@require_POST
def mark_goal(request: HttpRequest, pk: object) -> HttpResponse:
    goal = get_object_or_404(selectors.goals_for(request.user), pk=pk)
    reached = request.POST.get("done") == "yes"
    space.set_reached(goal=goal, reached=reached, enrolment=seat_in(request, goal.circle).enrolment)
    messages.success(request, "Well done: a goal is reached." if reached else "The goal is open again.")
    return redirect("portal:circle_plan", goal.circle_id)


@require_POST
def mark_action(request: HttpRequest, pk: object) -> HttpResponse:
    action = get_object_or_404(selectors.actions_for(request.user), pk=pk)
    done = request.POST.get("done") == "yes"
    space.set_action_done(action=action, done=done, enrolment=seat_in(request, action.circle).enrolment)
    messages.success(request, "Done." if done else "The action is open again.")
    return redirect("portal:circle_plan", action.circle_id)


# --- notes of a session -----------------------------------------------------------------------
def notes(request: HttpRequest, pk: object) -> HttpResponse:
    """What the circle decided in a session. Nobody overwrites what they have not read."""
    own = get_object_or_404(sessions_for(request.user), pk=pk)
    seat = seat_in(request, own.circle)
    note = selectors.note_of(own)
    initial = {"decisions": note.decisions if note else "", "version": note.version if note else 0}
    form = typed.put_back(request, NotesForm(posted(request), initial=initial))
    changed = False
    if request.method == "POST" and form.is_valid():
        try:
            space.write_note(session=own, enrolment=seat.enrolment, **form.cleaned_data)
        except space.ChangedMeanwhileError:
            changed = True
            form = typed.put_back(request, NotesForm({**request.POST.dict(), "version": initial["version"]}))
            form.add_error("decisions", "Somebody has changed the notes meanwhile. Bring the two together and save.")
        else:
            messages.success(request, "The notes are saved.")
            return redirect("portal:session", own.pk)
    context = {"session": own, "circle": own.circle, "form": form, "theirs": note if changed else None}
    context["words"] = seat.words
    return render(request, "portal/circle/notes.html", context)


def note_on_page(own: Any, viewer: Any) -> dict[str, Any]:
    """The notes of a session, and who wrote them last."""
    note = selectors.note_of(own) if own.has_note else None
    writer = name_for(note.written_by, own.circle, viewer) if note and note.written_by else ""
    return {"note": note, "note_lines": note.decisions.splitlines() if note else [], "note_by": writer}


def ask_help(request: HttpRequest, pk: object) -> HttpResponse:
    """Who leads a circle asks the programme team; nobody else learns of it."""
    led, seat = led_circle(request, pk)
    form = typed.put_back(request, HelpForm(posted(request)))
    if request.method == "POST" and form.is_valid():
        ask_for_help(enrolment=seat.enrolment, text=form.cleaned_data["text"], agreed=form.cleaned_data["agreed"])
        messages.success(request, "The programme team has your message and will get in touch.")
        return redirect("portal:circle", led.pk)
    return render(request, "portal/circle/ask_help.html", {"circle": led, "form": form, "words": seat.words})

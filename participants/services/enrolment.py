"""Enrolling, answer by answer; completing it; leaving again."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction

from accounts import clock
from accounts.models import User
from cohorts.models import Topic
from participants import emails, steps
from participants.models import (
    EligibilityDeclaration,
    Enrolment,
    EnrolmentChange,
    EnrolmentState,
    NominationState,
    Unavailability,
)
from participants.services import places
from participants.services.errors import IncompleteError, RefusedError
from participants.services.leave_requests import settle_leaving
from privacy.services import record, set_consents

ELIGIBILITY_WORDING = "I identify as Black, Asian, Mixed Race or from another ethnically diverse background."
Data = dict[str, Any]


def _lock(enrolment: Enrolment) -> Enrolment:
    rows = Enrolment.objects.select_for_update(of=("self",))
    return rows.select_related("cohort__format", "organisation", "user").get(pk=enrolment.pk)


def is_editable(enrolment: Enrolment) -> bool:
    """Answers may change until the circles are published; somebody who left has nothing to change."""
    return enrolment.takes_part and enrolment.cohort.published_at is None


def _check_editable(enrolment: Enrolment) -> None:
    if not is_editable(enrolment):
        raise RefusedError("These answers can’t be changed any more. Please ask the programme team.")


def save_step(*, enrolment: Enrolment, step: str, data: Data) -> Enrolment:
    """Keep the answer to one question; see `save_steps`."""
    return save_steps(enrolment=enrolment, answers={step: data})


@transaction.atomic
def save_steps(*, enrolment: Enrolment, answers: dict[str, Data]) -> Enrolment:
    """Keep the answers to one or more questions, all of them or none. The data of each is:

    name: first_name, last_name · side: side · eligibility: eligible (bool) · job: job_title, level, function ·
    place: location, meets_at (list) · slots: slots · dates: ranges [(first, last)] · goals: topics, goal_note ·
    access: access_needs · manager: line_manager_agreed (bool) · agreement: agreed (True) · consents: {purpose: bool}

    An answer that opens another question again makes an enrolment unfinished again.
    Raises RefusedError once answers can't change, KeyError for a question that is not asked of this person.
    """
    enrolment = _lock(enrolment)
    _check_editable(enrolment)
    for step, data in answers.items():
        _keep(enrolment, step, data)
    enrolment.save()
    if enrolment.state == EnrolmentState.ENROLLED and steps.open_steps(enrolment):
        change_state(enrolment, EnrolmentState.STARTED, enrolment.user)
    return enrolment


def _keep(enrolment: Enrolment, step: str, data: Data) -> None:
    if not steps.is_asked(step, enrolment):
        raise KeyError(step)
    _SAVERS[step](enrolment, data)
    answered = step != "eligibility" or data["eligible"]
    enrolment.steps_done = [key for key in enrolment.steps_done if key != step] + [step] * bool(answered)


def _save_name(enrolment: Enrolment, data: Data) -> None:
    user = enrolment.user
    user.first_name, user.last_name = data["first_name"], data["last_name"]
    user.save(update_fields=["first_name", "last_name", "sort_name"])


def _save_side(enrolment: Enrolment, data: Data) -> None:
    if enrolment.side != data["side"]:
        # A declaration that is not asked for on the new side is not kept.
        EligibilityDeclaration.objects.filter(enrolment=enrolment).delete()
        enrolment.steps_done = [key for key in enrolment.steps_done if key != "eligibility"]
    enrolment.side = data["side"]


def _save_eligibility(enrolment: Enrolment, data: Data) -> None:
    if data["eligible"]:
        declared = EligibilityDeclaration(enrolment=enrolment, wording=ELIGIBILITY_WORDING)
        EligibilityDeclaration.objects.bulk_create([declared], ignore_conflicts=True)  # an earlier one stays
    else:
        EligibilityDeclaration.objects.filter(enrolment=enrolment).delete()


def _save_slots(enrolment: Enrolment, data: Data) -> None:
    enrolment.slots.set(data["slots"])


def _save_dates(enrolment: Enrolment, data: Data) -> None:
    enrolment.unavailabilities.all().delete()
    Unavailability.objects.bulk_create(
        Unavailability(enrolment=enrolment, starts=starts, ends=ends) for starts, ends in data["ranges"]
    )


@transaction.atomic
def keep_dates(*, enrolment: Enrolment, ranges: Iterable[tuple[dt.date, dt.date]], by: User) -> None:
    """Replace the dates that don't work for somebody who takes part, also once circles are published.

    The reason is not asked. Raises RefusedError for who has left, and once the cohort is closed.
    """
    enrolment = _lock(enrolment)
    if enrolment.state == EnrolmentState.WITHDRAWN or enrolment.cohort.closed_at is not None:
        raise RefusedError("These dates can’t be changed any more.")
    _save_dates(enrolment, {"ranges": sorted(set(ranges))})
    record(by=by, verb="enrolment.dates_changed", about=enrolment)


@transaction.atomic
def keep_access_needs(*, enrolment: Enrolment, access_needs: str) -> None:
    """Replace what somebody needs to take part, also once circles are published; the team is shown that it changed.

    Raises RefusedError for who has left, and once the cohort is closed. The audit row holds none of it.
    """
    enrolment = _lock(enrolment)
    if not enrolment.takes_part:
        raise RefusedError("This can't be changed any more. Please ask the programme team.")
    if enrolment.access_needs == access_needs:
        return
    enrolment.access_needs = access_needs
    if enrolment.state == EnrolmentState.ENROLLED:
        enrolment.access_needs_unseen = True
    enrolment.save(update_fields=["access_needs", "access_needs_unseen"])
    record(by=enrolment.user, verb="enrolment.access_needs_changed", about=enrolment)


@transaction.atomic
def keep_goals(*, enrolment: Enrolment, topics: Iterable[Topic], goal_note: str) -> None:
    """Replace somebody's own goals, or what they can help with, also once circles are published.

    Raises RefusedError for who has left, and once the cohort is closed.
    """
    enrolment = _lock(enrolment)
    if not enrolment.takes_part:
        raise RefusedError("These goals can't be changed any more.")
    _save_goals(enrolment, {"topics": topics, "goal_note": goal_note})
    enrolment.save(update_fields=["goal_note"])


def _save_goals(enrolment: Enrolment, data: Data) -> None:
    enrolment.topics.set(data["topics"])
    enrolment.goal_note = data["goal_note"]


def _save_agreement(enrolment: Enrolment, data: Data) -> None:
    if not data["agreed"]:
        raise RefusedError("Everybody who takes part agrees to this first.")
    enrolment.agreed_at = enrolment.agreed_at or clock.now()


def _save_consents(enrolment: Enrolment, data: Data) -> None:
    set_consents(user=enrolment.user, choices=data, how="enrolment")


def _save_fields(*names: str) -> Callable[[Enrolment, Data], None]:
    def save(enrolment: Enrolment, data: Data) -> None:
        for name in names:
            setattr(enrolment, name, data[name])

    return save


_SAVERS: dict[str, Callable[[Enrolment, Data], None]] = {
    "name": _save_name,
    "side": _save_side,
    "eligibility": _save_eligibility,
    "job": _save_fields("job_title", "level", "function"),
    "place": _save_fields("location", "meets_at"),
    "slots": _save_slots,
    "dates": _save_dates,
    "goals": _save_goals,
    "access": _save_fields("access_needs"),
    "manager": _save_fields("line_manager_agreed"),
    "agreement": _save_agreement,
    "consents": _save_consents,
}


def change_state(enrolment: Enrolment, state: str, by: User | None, note: str = "") -> None:
    """Move an enrolment on and write its history; the caller holds the row."""
    enrolment.state = state
    enrolment.save()
    EnrolmentChange.objects.create(enrolment=enrolment, state=state, by=by, note=note)
    record(by=by, verb=f"enrolment.{state}", about=enrolment)


@transaction.atomic
def complete_enrolment(*, enrolment: Enrolment) -> Enrolment:
    """The person is enrolled, and told what happens next. Raises IncompleteError with the questions still open.

    Doing it twice changes nothing.
    """
    enrolment = _lock(enrolment)
    if enrolment.state != EnrolmentState.STARTED:
        return enrolment
    _check_editable(enrolment)
    if missing := [step.key for step in steps.open_steps(enrolment)]:
        raise IncompleteError(missing)
    enrolment.completed_at = clock.now()
    change_state(enrolment, EnrolmentState.ENROLLED, enrolment.user)
    emails.confirm_enrolment(enrolment)
    return enrolment


@transaction.atomic
def withdraw_enrolment(*, enrolment: Enrolment, by: User | None, note: str = "") -> Enrolment:
    """End an enrolment and free its place for the reserve list. A seat in a circle is the circles app's to empty.

    Without a `note` of the team's the history keeps the reason that the person gave when they asked to leave.
    Doing it twice changes nothing.
    """
    if enrolment.nomination:
        places.lock_nomination(enrolment.nomination)
    enrolment = _lock(enrolment)
    if enrolment.state == EnrolmentState.WITHDRAWN:
        return enrolment
    said = settle_leaving(enrolment=enrolment, by=by)
    change_state(enrolment, EnrolmentState.WITHDRAWN, by, note or said)
    _free_place(enrolment, by)
    return enrolment


def time_of_leaving(enrolment: Enrolment) -> str:
    """Which withdrawal of an enrolment it is, for the messages about it: blank for the first, then “2” and so on."""
    times = enrolment.changes.filter(state=EnrolmentState.WITHDRAWN).count()
    return str(times) if times > 1 else ""


def _free_place(enrolment: Enrolment, by: User | None) -> None:
    nomination = enrolment.nomination
    if nomination is None or not places.holds_place(enrolment):
        return
    places.release(nomination, NominationState.WITHDRAWN)
    if _employer_hears(enrolment):
        emails.tell_coordinators(nomination, occurrence=time_of_leaving(enrolment))
    places.fill_places(participation=nomination.participation, by=by)


def told_of_leaving(enrolment: Enrolment) -> list[User]:
    """The coordinators who hear that somebody's place is free as soon as they leave. Changes nothing."""
    if not places.holds_place(enrolment) or not _employer_hears(enrolment):
        return []
    return [one.user for one in emails.acting_coordinators(enrolment.nomination)]


def _employer_hears(enrolment: Enrolment) -> bool:
    """Whether those whose place it is are the employer: a former one hears nothing."""
    nomination = enrolment.nomination
    return nomination is not None and enrolment.organisation_id == nomination.participation.organisation_id

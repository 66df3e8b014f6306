"""What staff do to several interests or organisations at once."""

from typing import Any

from django import forms

from accounts.models import User
from organisations import services
from organisations.models import Interest, Organisation
from organisations.selectors import answering_staff
from ui.bulk import Act
from ui.forms import Form

INTERESTS = ("interest", "interests")
ORGANISATIONS = ("organisation", "organisations")


class AnyOfTheTeam(forms.ModelChoiceField):
    """Somebody who answers organisations; nobody chosen is the team’s queue."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=answering_staff(), required=False, **kwargs)

    def label_from_instance(self, obj: User) -> str:
        return f"{obj.get_full_name()} ({obj.email})"


class OwnerForm(Form):
    mark_optional = False
    to = AnyOfTheTeam(label="Who answers them", empty_label="In the team’s queue")


class AdviserForm(Form):
    mark_optional = False
    to = AnyOfTheTeam(label="Their own adviser", empty_label="Nobody")


def _interest(interest: Interest) -> str:
    who = f", {interest.contact_name}" if interest.contact_name else ""
    return f"{interest.organisation}{who}: {interest.get_kind_display().lower()}"


def _settled(rows: list[Interest], states: set[str]) -> dict[Any, str]:
    return {row.pk: f"{row.get_state_display()} already." for row in rows if row.state in states}


def _theirs(rows: list[Interest], by: User) -> dict[Any, str]:
    return {row.pk: "It is yours already." for row in rows if row.assigned_to_id == by.pk}


def _not_new(rows: list[Interest], by: User) -> dict[Any, str]:
    return _settled(rows, set(Interest.State) - {Interest.State.NEW})


def _ended(rows: list[Interest], by: User) -> dict[Any, str]:
    return _settled(rows, {Interest.State.CLOSED, Interest.State.CONFIRMED})


def _alone(rows: list[Interest], by: User) -> dict[Any, str]:
    """Those whose organisation sent nothing else."""
    seen = Interest.objects.filter(organisation__in=[row.organisation_id for row in rows])
    sent = list(seen.order_by().values_list("organisation_id", flat=True))
    why = "It is the only one of its organisation: there is nothing to separate."
    return {row.pk: why for row in rows if sent.count(row.organisation_id) < 2}


TAKE = Act(
    ask="Assign {rows} to you?", button="Assign to me", done="{rows} assigned to you.", words=INTERESTS,
    do=lambda row, by: services.assign_interest(interest=row, to=by, by=by),
    left_out=_theirs, called=_interest,
    follows=lambda rows, by: ["They leave whoever has them now. Nobody is written to."],
)  # fmt: skip
ASSIGN = Act(
    ask="Change who answers {rows}?", button="Change the owner", done="{rows}: the owner is changed.", words=INTERESTS,
    do=lambda row, by, to: services.assign_interest(interest=row, to=to, by=by),
    called=_interest, form=OwnerForm,
    follows=lambda rows, by: ["The new owner gets one e-mail for each that was not theirs; you get none if it is you."],
)  # fmt: skip
ANSWERED = Act(
    ask="Mark {rows} as answered?", button="Mark as answered", done="{rows} marked as answered.", words=INTERESTS,
    do=lambda row, by: services.answer_interest(interest=row, by=by),
    left_out=_not_new, called=_interest,
    follows=lambda rows, by: ["What is nobody’s becomes yours. Nobody is written to."],
)  # fmt: skip
CLOSE = Act(
    ask="Close {rows} without taking part?", button="Close them", done="{rows} closed.", words=INTERESTS,
    do=lambda row, by: services.close_interest(interest=row, by=by),
    left_out=_ended, called=_interest, danger=True,
    follows=lambda rows, by: ["They leave the queue for good. Nobody is written to."],
)  # fmt: skip
SEPARATE = Act(
    ask="Give {rows} an organisation of their own?", button="Separate them", done="{rows} separated.", words=INTERESTS,
    do=lambda row, by: services.separate_interest(interest=row, by=by),
    left_out=_alone, called=_interest, may=lambda request, row: True,
    follows=lambda rows, by: ["Each becomes an organisation under the name as it was written. Nobody is written to."],
)  # fmt: skip


def _unchanged(organisation: Organisation) -> str:
    return f"{organisation} (now: {organisation.adviser or 'nobody'})"


ADVISER = Act(
    ask="Change the adviser of {rows}?", button="Change the adviser", done="{rows}: the adviser is changed.",
    words=ORGANISATIONS,
    do=lambda row, by, to: services.assign_adviser(organisation=row, to=to, by=by),
    called=_unchanged, form=AdviserForm,
    follows=lambda rows, by: [
        "What these organisations send from now on goes to the new adviser.",
        "Interests that are there stay with whoever has them. Nobody is written to.",
    ],
)  # fmt: skip

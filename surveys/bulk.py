"""What the programme team does to several quotes or notes at once."""

from typing import Any

from accounts.models import User
from surveys import services
from surveys.models import TeamNote, Testimonial
from ui.bulk import Act

QUOTES = ("quote", "quotes")


def _quote(testimonial: Testimonial) -> str:
    quote = testimonial.quote if len(testimonial.quote) <= 120 else f"{testimonial.quote[:120]}…"
    return f"“{quote}” {testimonial.attribution}"


def _not_offered(rows: list[Testimonial], by: User) -> dict[Any, str]:
    offered = Testimonial.State.OFFERED
    return {row.pk: f"{row.get_state_display()} already." for row in rows if row.state != offered}


def _gone(rows: list[Testimonial], by: User) -> dict[Any, str]:
    return {row.pk: "Withdrawn already." for row in rows if row.state == Testimonial.State.WITHDRAWN}


def _note(note: TeamNote) -> str:
    return f"{note.enrolment.user if note.enrolment else 'Somebody, without their name'}, {note.cohort}"


def _settled(rows: list[TeamNote], by: User) -> dict[Any, str]:
    return {row.pk: "It is dealt with already." for row in rows if row.settled_at}


APPROVE = Act(
    ask="Publish {rows}?", button="Approve and publish", done="{rows} on the public page now.", words=QUOTES,
    do=lambda row, by: services.approve_testimonial(testimonial=row, by=by),
    left_out=_not_offered, called=_quote,
    follows=lambda rows, by: ["Everybody can read them on the public page, for two years or until their day."],
)  # fmt: skip
WITHDRAW = Act(
    ask="Withdraw {rows} for good?", button="Withdraw them", done="{rows} off the public page.", words=QUOTES,
    do=lambda row, by: services.withdraw_testimonial(testimonial=row, by=by),
    left_out=_gone, called=_quote, danger=True,
    follows=lambda rows, by: ["They leave the public page at once and can’t be published again. Nobody is written to."],
)  # fmt: skip
SETTLE = Act(
    ask="Mark {rows} as dealt with?", button="Mark as dealt with", done="{rows} marked as dealt with.",
    words=("note", "notes"),
    do=lambda row, by: services.settle_note(note=row, by=by),
    left_out=_settled, called=_note,
    follows=lambda rows, by: ["They leave the team’s front page. Nobody is written to."],
)  # fmt: skip

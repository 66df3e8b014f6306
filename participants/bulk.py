"""What the programme team does to several nominations at once."""

from typing import Any

from accounts.models import User
from participants import reminding, services
from participants.models import Nomination, NominationState
from participants.services import RefusedError
from participants.services.nominations import WITHDRAWABLE
from ui.bulk import Act

NOMINEES = ("nominee", "nominees")


def _called(nomination: Nomination) -> str:
    return f"{nomination.full_name}, {nomination.participation.organisation}, {nomination.cohort}"


def _not_waiting(rows: list[Nomination], by: User) -> dict[Any, str]:
    """As for coordinators: nobody is written to more often than they would like."""
    written = reminding.written_to(rows)
    found = {row.pk: reminding.why_not(row, written.get(row.pk)) for row in rows}
    return {key: why for key, why in found.items() if why}


def _not_withdrawable(rows: list[Nomination], by: User) -> dict[Any, str]:
    accepted = "They have accepted: withdraw them on their enrolment’s page, which says what follows."
    return {
        row.pk: accepted if row.state == NominationState.ACCEPTED else f"{row.get_state_display()} already."
        for row in rows
        if row.state not in WITHDRAWABLE
    }


def _what_withdrawing_does(rows: list[Nomination], by: User) -> list[str]:
    held = sum(row.state == NominationState.INVITED for row in rows)
    told = "Each of them gets one e-mail that says so."
    if not held:
        return [told]
    place = "place becomes free" if held == 1 else "places become free"
    return [told, f"{held} {place}. Where people of that organisation wait, the next are invited at once, by e-mail."]


REMIND = Act(
    ask="Remind {rows} to answer?", button="Send the reminder", done="{rows} reminded.", words=NOMINEES,
    do=lambda row, by: services.remind_nominee(nomination=row, by=by),
    left_out=_not_waiting, called=_called, refusals=(RefusedError,),
    follows=lambda rows, by: [
        f"E-mails that leave: {len(rows)}. The invitation that they have stays good.",
        "Their coordinators are not told.",
    ],
)  # fmt: skip
WITHDRAW = Act(
    ask="Withdraw {rows}?", button="Withdraw them", done="{rows} withdrawn.", words=NOMINEES,
    do=lambda row, by: services.withdraw_nomination(nomination=row, by=by),
    left_out=_not_withdrawable, follows=_what_withdrawing_does, called=_called, refusals=(RefusedError,), danger=True,
)  # fmt: skip

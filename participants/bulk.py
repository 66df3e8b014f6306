"""What the programme team does to several nominations at once."""

import datetime as dt
from typing import Any

from accounts import clock
from accounts.models import User
from outbox.models import Message
from participants import emails, services
from participants.models import Nomination, NominationState
from participants.services import RefusedError, places
from participants.services.nominations import WITHDRAWABLE
from ui.bulk import Act
from ui.dates import uk_date

NOMINEES = ("nominee", "nominees")
# Nobody is written to again within so many days of the last invitation.
REST = dt.timedelta(days=2)


def _called(nomination: Nomination) -> str:
    return f"{nomination.full_name}, {nomination.participation.organisation}, {nomination.cohort}"


def _not_waiting(rows: list[Nomination], by: User) -> dict[Any, str]:
    written = _last_written(rows)
    found = {row.pk: _why_not_reminded(row, written.get(row.pk)) for row in rows}
    return {key: why for key, why in found.items() if why}


def _last_written(rows: list[Nomination]) -> dict[Any, dt.datetime]:
    invitations = Message.objects.filter(
        kind__in=[emails.NOMINATED, emails.CONFIRMED], object_id__in=[row.pk for row in rows]
    )
    return dict(invitations.order_by("created_at").values_list("object_id", "created_at"))  # the last one stays


def _why_not_reminded(nomination: Nomination, written: dt.datetime | None) -> str:
    if nomination.state != NominationState.INVITED:
        return f"{nomination.get_state_display()}: there is no invitation to answer."
    if not places.is_open(nomination.cohort):
        return "The last day to answer has passed."
    return f"They were written to on {uk_date(written)}." if written and written > clock.now() - REST else ""


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
    ask="Remind {rows} to answer?", button="Send the invitation again", done="{rows} written to again.",
    words=NOMINEES,
    do=lambda row, by: services.send_again(nomination=row, by=by),
    left_out=_not_waiting, called=_called, refusals=(RefusedError,),
    follows=lambda rows, by: [
        f"E-mails that leave: {len(rows)}, each with the invitation and a new link. The link before it ends.",
        "Their coordinators are not told.",
    ],
)  # fmt: skip
WITHDRAW = Act(
    ask="Withdraw {rows}?", button="Withdraw them", done="{rows} withdrawn.", words=NOMINEES,
    do=lambda row, by: services.withdraw_nomination(nomination=row, by=by),
    left_out=_not_withdrawable, follows=_what_withdrawing_does, called=_called, refusals=(RefusedError,), danger=True,
)  # fmt: skip

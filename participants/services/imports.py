"""Importing a file of nominations: all of it or nothing."""

from collections import Counter

from django.db import transaction

from accounts.models import User
from organisations.models import Participation
from participants import import_plan
from participants.import_plan import Planned
from participants.importing import Row
from participants.models import Nomination, NominationState
from participants.services import places
from participants.services.errors import RefusedError
from participants.services.invitations import tell_reserve_list
from participants.services.nominations import put_forward
from privacy.services import record


@transaction.atomic
def import_nominations(
    *, participation: Participation, rows: list[Row], by: User | None, on_word_of: User | None = None
) -> Counter[str]:
    """Put the people of the file forward, in its order, and update those who are known; count what was done.

    Where the team does it, `on_word_of` is who at the organisation gave them the file.
    Planned afresh with the participation locked: raises RefusedError, with nothing done, when a row has become wrong
    since it was shown. The same rows again change nothing.
    """
    participation = places.lock(participation)
    places.check_open(participation)
    planned = import_plan.plan(participation=participation, rows=rows)
    if any(item.action == "error" for item in planned):
        raise RefusedError(
            "Something has changed since you saw this list, and a row can’t be imported now. Look at it again."
        )
    for item in planned:
        _carry_out(item, participation, by, on_word_of)
    places.fill_places(participation=participation, by=by)
    tell_reserve_list(participation)
    done = import_plan.counts(planned)
    record(by=by, verb="nominations.imported", about=participation, **done)
    return done


def _carry_out(item: Planned, participation: Participation, by: User | None, on_word_of: User | None) -> None:
    row = item.row
    values = {"first_name": row.first_name, "last_name": row.last_name, "role": row.role, "reason": row.reason}
    if item.action in {"invite", "reserve"}:
        put_forward(participation, by, on_word_of, email=row.email, **values)
    elif item.action == "update" and item.nomination:
        _update(item.nomination, values | {"reason": row.reason or item.nomination.reason}, by)


def _update(nomination: Nomination, values: dict[str, str], by: User | None) -> None:
    moved = nomination.role != values["role"]
    for name, value in values.items():
        setattr(nomination, name, value)
    nomination.save()
    if moved and nomination.state == NominationState.RESERVE:
        places.to_reserve(nomination)
    record(by=by, verb="nomination.updated", about=nomination)

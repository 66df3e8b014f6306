"""What a programme lead does to several people at once."""

from typing import Any

from allauth.mfa.models import Authenticator

from accounts.models import User
from staff import services
from ui.bulk import Act


def _without(rows: list[User], by: User) -> dict[Any, str]:
    has = set(Authenticator.objects.filter(user__in=rows).values_list("user_id", flat=True))
    return {row.pk: "They have no second factor." for row in rows if row.pk not in has}


SECOND_FACTOR = Act(
    ask="Remove the second factor of {rows}?", button="Remove it", done="Removed for {rows}. They are told by e-mail.",
    words=("person", "people"),
    do=lambda row, by: services.remove_second_factor(person=row, by=by),
    left_out=_without, called=lambda row: f"{row} ({row.email})", may=lambda request, row: True, danger=True,
    follows=lambda rows, by: [
        "Make sure that it is they who ask, and not somebody in their name.",
        "They set up a new one when they next sign in, and are told by e-mail that it was removed.",
    ],
)  # fmt: skip

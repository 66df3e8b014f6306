"""What somebody agrees to, as their account shows it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from accounts.prepared import prepared
from participants.forms.sharing import CircleSeesForm
from privacy.models import CIRCLE_SEES, ConsentWording, Purpose
from privacy.selectors import consents

# No switch on the account page: asked of people without an account, or in the form of what a circle sees.
ELSEWHERE = {Purpose.DEMAND, *CIRCLE_SEES}


@dataclass(frozen=True)
class ConsentChoice:
    """One purpose, in its current words, and whether the person agrees to it today."""

    key: str
    label: str
    text: str
    given: bool


def consent_choices(user: User, data: Any = None) -> tuple[list[ConsentChoice], CircleSeesForm]:
    """What a person with an account may agree to: switches, and the form of what their circle sees."""
    given, words = consents(user), dict(_newest_words())
    shown = [purpose for purpose in Purpose if purpose not in ELSEWHERE]
    switches = [ConsentChoice(p.value, p.label, words.get(p.value, p.label), given[p.value]) for p in shown]
    return switches, CircleSeesForm(data, words=words, given=given)


@prepared
def _newest_words() -> QuerySet[ConsentWording, tuple[str, str]]:
    newest = ConsentWording.objects.order_by("purpose", "-version").distinct("purpose")
    return newest.values_list("purpose", "text")

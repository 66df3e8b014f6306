"""How a page speaks to somebody about the people they meet with: of a circle, or of the one other person of a pair."""

from dataclasses import dataclass

from cohorts.models.format import Format, Role


@dataclass(frozen=True)
class Words:
    """Phrases of a format, for one who leads or for one who is led. Each stands within a sentence unless it says so."""

    group: str
    others: str  # as in “nobody reads it, not …”
    others_get: str  # begins a sentence
    others_said: str  # a heading
    everyone_is: str  # begins a sentence
    their_calendars: str
    anyone: str  # begins a sentence: who may do something
    lead: str  # who leads, to one who is led
    is_pair: bool

    @property
    def the_lead(self) -> str:
        """As `lead`, where somebody is to be told or asked something."""
        return self.lead if self.is_pair else f"the person {self.lead}"

    @property
    def everyone_is_told(self) -> str:
        """As `everyone_is`, in the middle of a sentence."""
        return self.everyone_is[:1].lower() + self.everyone_is[1:]


def words_of(kind: Format, *, leads: bool) -> Words:
    """The phrases for one person of a circle or pair of this format."""
    return _of_pair(kind, leads=leads) if kind.is_pair else _of_circle(kind)


def _of_circle(kind: Format) -> Words:
    group = kind.group_word
    return Words(
        group=group,
        others=f"your {group}",
        others_get=f"Everybody else in your {group} gets",
        others_said="What members have said",
        everyone_is="Everyone is",
        their_calendars="everyone’s calendar",
        anyone=f"Anyone in your {group}",
        lead=f"who leads your {group}",
        is_pair=False,
    )


def _of_pair(kind: Format, *, leads: bool) -> Words:
    other = f"your {Role(kind.member_role if leads else kind.lead_role).label.lower()}"
    return Words(
        group=kind.group_word,
        others=other,
        others_get=f"{other.capitalize()} gets",
        others_said=f"What {other} has said",
        everyone_is="Both of you are",
        their_calendars="both your calendars",
        anyone="Either of you",
        lead=other if not leads else "you",
        is_pair=True,
    )

"""Ready-made words with which an organisation finds its people: the team's texts with the cohort's facts in them."""

import datetime as dt
import re
from dataclasses import dataclass

from accounts import clock
from accounts.models import User
from cohorts.models import Cohort, Format, Joining, Role
from content.fill_ins import fill
from content.reference import page_texts
from content.selectors import texts
from organisations.models import Participation
from organisations.selectors import agreed_places
from participants import links
from ui.dates import uk_date

OTHER = "other"  # the texts of a format or role that has none of its own
ANSWERING_TIME = dt.timedelta(days=14)  # between the organisation's own closing day and the last day to answer
USUAL_MINUTES = 90
# On paper a long link helps nobody.
SCAN = "Point your telephone’s camera at the square, or ask for the link: {contact}"


@dataclass(frozen=True)
class Words:
    """One ready-made text: its key, what it is for, its subject, and its lines as they are copied."""

    key: str
    label: str
    title: str
    body: str

    @property
    def text(self) -> str:
        return f"{self.title}\n\n{self.body}"

    @property
    def rows(self) -> int:
        """About how many lines a box for it needs, at some ninety characters each."""
        return sum(1 + len(line) // 90 for line in self.body.splitlines())


@dataclass(frozen=True)
class Poster:
    """What stands on a poster, in the order in which it is read."""

    role: str
    title: str
    lead: str
    points: list[str]
    facts: list[tuple[str, str]]
    how: str
    address: str
    footer: str

    @property
    def text(self) -> str:
        """The same without a picture."""
        points = "\n".join(f"- {point}" for point in self.points)
        facts = "\n".join(f"{name}: {value}" for name, value in self.facts)
        return f"{self.title}\n\n{self.lead}\n\n{points}\n\n{facts}\n\n{self.in_writing}\n\n{self.footer}"

    @property
    def in_writing(self) -> str:
        """How to take part, for who can’t use the square: its address in letters, where it is one to be opened."""
        return f"Apply with this link: {self.address}" if self.address.startswith("http") else self.how


def usual_closing_day(cohort: Cohort) -> dt.date:
    """Two weeks before the last day to answer, so that people have time to; that day itself where it is too late."""
    early = cohort.recruitment_until - ANSWERING_TIME
    return early if early > clock.today() else cohort.recruitment_until


def facts(participation: Participation, by: User, closing_day: dt.date, role: str = "") -> dict[str, str]:
    """What the fill-ins of `content.fill_ins` stand for."""
    cohort = participation.cohort
    slot = cohort.slots.first()
    return {
        "organisation": participation.organisation.name,
        "cohort": cohort.name,
        "format": cohort.format.name,
        "role": Role(role).label.lower() if role else "",
        "roles": " or ".join(Role(one).label.lower() for one in wanted_roles(participation)),
        "group": cohort.format.group_word,
        "sessions": str(cohort.session_count),
        "minutes": str(slot.minutes if slot else USUAL_MINUTES),
        "first_month": f"{cohort.sessions_from:%B %Y}",
        "last_month": f"{cohort.sessions_until:%B %Y}",
        "launch": uk_date(cohort.launch_from),
        "closing_day": uk_date(closing_day),
        "how_to_apply": _how(participation, by),
        "contact": f"{by.get_full_name()}, {by.email}",
    }


def _how(participation: Participation, by: User) -> str:
    if participation.cohort.format.joining == Joining.NOMINATION:
        return f"Write to {by.get_full_name()}, {by.email}."
    return f"Apply with this link: {links.application_url(participation)}"


def wanted_roles(participation: Participation) -> list[str]:
    """The roles for which places were agreed; all of the format's where there are none yet."""
    agreed = agreed_places(participation)
    return [role for role, places in agreed.items() if places] or list(agreed)


def _key(kind: str, format: Format, role: str) -> str:
    """The team's text for this format and role, where there is one."""
    key = f"{kind}_{format.key}_{role}"
    return key if key in page_texts() else f"{kind}_{OTHER}"


def ready_words(participation: Participation, by: User, closing_day: dt.date) -> list[Words]:
    """For each role a text for colleagues, and one for line managers; one query for all texts."""
    kind = participation.cohort.format
    keys = {role: _key("recruit", kind, role) for role in wanted_roles(participation)}
    found = texts(*set(keys.values()), "recruit_line_manager")
    asked = [(role, f"For colleagues who could be a {Role(role).label.lower()}", key) for role, key in keys.items()]
    known = facts(participation, by, closing_day)
    made = []
    for key, label, text in [*asked, ("line-manager", "For line managers", "recruit_line_manager")]:
        values = known | ({"role": Role(key).label.lower()} if key in keys else {})
        made.append(Words(key, label, fill(found[text].title, values), fill(_lines(found[text].body), values)))
    return made


def _lines(body: str) -> str:
    return body.replace("\r\n", "\n").strip()


def poster(participation: Participation, role: str, by: User, closing_day: dt.date) -> Poster:
    """The poster for one role."""
    cohort, known = participation.cohort, facts(participation, by, closing_day, role)
    key = _key("poster", cohort.format, role)
    text = texts(key)[key]
    paragraphs = re.split(r"\n\s*\n", fill(_lines(text.body), known))
    points = [line[2:].strip() for part in paragraphs for line in part.splitlines() if line.startswith("- ")]
    lead = " ".join(part.strip() for part in paragraphs if not part.lstrip().startswith("- "))
    nominated = cohort.format.joining == Joining.NOMINATION
    return Poster(
        role=role,
        title=fill(text.title, known),
        lead=" ".join(lead.split()),
        points=points,
        facts=[
            ("Come forward by", _short(closing_day)),
            ("Begins", _short(cohort.launch_from)),
            ("Last session in", f"{cohort.sessions_until:%B %Y}"),
        ],
        how=known["how_to_apply"] if nominated else SCAN.format(contact=known["contact"]),
        address=f"mailto:{by.email}" if nominated else links.application_url(participation),
        footer=f"{cohort.format.name}, {cohort.name}, at {participation.organisation.name}",
    )


def _short(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"

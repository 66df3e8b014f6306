"""What an employer can show of its part in a cohort: its places, and of the figures only what was released.

Nothing is worked out here. The cells are those of the release for everybody outside the team; what is withheld is
named, and why, without saying of which people it would have told.
"""

import datetime as dt
from dataclasses import dataclass, field

from accounts import clock
from organisations.models import Participation
from participants.selectors import RoleSummary
from surveys.printed import NOT_SHOWN, change_words, scale_of
from surveys.selectors.impact import CAVEAT, Figures, organisation_outcomes
from surveys.selectors.intruder import NotCheckedError

# The steps of the flow that say how many took part; the others are about the surveys themselves.
STEPS = ("Enrolled", "Attended")
NEVER = [
    "Who took part, and anything that one person answered or said: it stays with them.",
    "Attendance of one organisation’s people. It is released for the whole cohort only, because a rate of few people "
    "tells of one of them.",
]
OWN_WITHHELD = (
    "{hidden} of {all} changes at {organisation}: fewer than {threshold} people answered, their answers were too "
    "alike, or somebody’s could be worked out from what else is shown. Which of these it is, is not said."
)
NONE_WITHHELD = "None of the {all} changes at {organisation}."


@dataclass(frozen=True)
class PlaceRow:
    """One role: how many places were agreed, how many are held by somebody, and how many of these accepted."""

    role: str
    agreed: int
    taken: int
    accepted: int


@dataclass(frozen=True)
class StepRow:
    """How many of the whole cohort took a step, as released."""

    step: str
    people: str
    rate: str


@dataclass(frozen=True)
class OutcomeRow:
    """One thing that was asked about before and after: in the whole cohort, and at the organisation."""

    name: str
    scale: str
    cohort: str
    own: str


@dataclass(frozen=True)
class Evidence:
    """One page for an employer's own commitments. `state` is released, being_checked or not_yet."""

    participation: Participation
    made_on: dt.date
    state: str
    places: list[PlaceRow]
    dates: list[tuple[str, dt.date, dt.date]]
    caveat: str = CAVEAT
    released_on: dt.date | None = None
    threshold: int = 0
    steps: list[StepRow] = field(default_factory=list)
    outcomes: list[OutcomeRow] = field(default_factory=list)
    withheld: list[str] = field(default_factory=lambda: list(NEVER))


def evidence(participation: Participation, summaries: list[RoleSummary]) -> Evidence:
    """What there is to show today."""
    facts = {
        "participation": participation,
        "made_on": clock.today(),
        "places": [PlaceRow(one.label, one.agreed, one.taken, one.accepted) for one in summaries if one.agreed],
        "dates": [(date.label, date.starts, date.ends) for date in participation.cohort.key_dates],
    }
    try:
        found = organisation_outcomes(participation.cohort, participation.organisation)
    except NotCheckedError:
        return Evidence(state="being_checked", **facts)
    if found is None:
        return Evidence(state="not_yet", **facts)
    figures, own = found
    rows = outcome_rows(figures["outcomes"], own)
    return Evidence(
        state="released",
        caveat=figures["caveat"],
        released_on=dt.datetime.fromisoformat(figures["cut_off"]).astimezone(clock.LONDON).date(),
        threshold=figures["threshold"],
        steps=_steps(figures),
        outcomes=rows,
        withheld=[_withheld(rows, participation, figures["threshold"]), *NEVER],
        **facts,
    )


def outcome_rows(everybody: list[Figures], own: list[Figures]) -> list[OutcomeRow]:
    """One row an outcome: in the whole cohort, and in the organisation."""
    by_key = {outcome["key"]: outcome for outcome in own}
    return [
        OutcomeRow(
            name=outcome["name"],
            scale=scale_of(outcome),
            cohort=change_words(outcome),
            own=change_words(by_key.get(outcome["key"])),
        )
        for outcome in everybody
    ]


def _steps(figures: Figures) -> list[StepRow]:
    under = f"under {figures['threshold']}"
    return [
        StepRow(
            step["label"],
            under if step["n"] is None else f"about {step['n']}",
            "" if step["percent"] is None else f"{step['percent']}%",
        )
        for step in figures["flow"]
        if step["label"].startswith(STEPS)
    ]


def _withheld(rows: list[OutcomeRow], participation: Participation, threshold: int) -> str:
    hidden = sum(row.own == NOT_SHOWN for row in rows)
    words = OWN_WITHHELD if hidden else NONE_WITHHELD
    return words.format(hidden=hidden, all=len(rows), organisation=participation.organisation, threshold=threshold)

"""A participant's own before and after. Shown to that person and to nobody else."""

import datetime as dt
from dataclasses import dataclass, replace

from cohorts.models import Side
from participants.models import Enrolment
from surveys.charts import Dumbbell, dumbbell, number, signed
from surveys.disclosure import Precision, half_up, nearest, release_precision
from surveys.models import Instrument, Item, Response, Survey, SurveyPart
from surveys.scoring import score, score_range
from surveys.selectors.answers import OwnSurveys, answers_by_response, own_surveys, pages
from surveys.selectors.groups import consenting_keys, group_of, items_of
from surveys.selectors.link import is_unlinked, linked_until
from surveys.statistics import meaningful_difference, verdict
from surveys.statistics.change import Verdict

OWN_ITEMS = "The programme’s own statements, not a published scale."
LOWER_HOPED_FOR = "Here a lower score is what the programme hopes for."
# Of every figure on the page, so that those that are compared can be.
DECIMALS = 2
NOT_SAID = "Prefer not to say"
UNLINKED = (
    "Half a year after your cohort closed, the link between you and your answers was taken away for good. Nobody can "
    "tell any more which answers were yours, and so this page can’t show them either."
)
NOT_ANSWERED = "Not answered"


@dataclass(frozen=True)
class ItemLine:
    """One statement with both answers in words."""

    text: str
    before: str
    after: str


@dataclass(frozen=True)
class Yardstick:
    """The smallest change that is larger than measurement error, and where it was taken from."""

    threshold: float
    source: str


@dataclass(frozen=True)
class ScaleProgress:
    """One scale before and after; scores as they are printed, blank when there is none."""

    name: str
    note: str
    range_text: str
    before: str
    after: str
    difference: str
    words: str
    yardstick: str
    chart: Dumbbell
    items: list[ItemLine]
    looking_back: str = ""


@dataclass(frozen=True)
class Progress:
    """What a person sees of their own answers; `missing` says in words what is not there, blank when all is.

    `until` is the day on which the answers stop being theirs; None while the cohort runs.
    """

    scales: list[ScaleProgress]
    missing: str
    late: bool
    until: dt.date | None = None
    is_unlinked: bool = False

    @property
    def is_complete(self) -> bool:
        return not self.missing


def progress(enrolment: Enrolment) -> Progress:
    """The person's scales before and after, with what is missing and how to read a change."""
    return progress_in(own_surveys(enrolment))


def progress_in(own: OwnSurveys) -> Progress:
    """The same, where their surveys have been read."""
    enrolment, surveys = own.enrolment, own.surveys
    if is_unlinked(enrolment.cohort):
        return Progress([], UNLINKED, late=False, is_unlinked=True)
    pre, post, then = (own.handed_in(wave) for wave in (Survey.Wave.PRE, Survey.Wave.POST, Survey.Wave.THEN))
    shown = surveys[Survey.Wave.PRE if pre else Survey.Wave.POST] if pre or post else None
    yardsticks = _Yardsticks(surveys[Survey.Wave.PRE]) if pre and post else None
    given = answers_by_response([one for one in (pre, post, then) if one])
    before, after, seen_back = (given[one.pk] if one else {} for one in (pre, post, then))
    scales = [
        replace(_scale(part, before, after, yardsticks, enrolment), looking_back=_looking_back(part, seen_back))
        for part in (pages(shown) if shown else [])
    ]
    late, until = bool(pre and pre.late), linked_until(enrolment.cohort)
    missing = _missing(pre, post, over=enrolment.cohort.closed_at is not None)
    return Progress(scales, missing, late, until if scales else None)


def _looking_back(part: SurveyPart, given: dict) -> str:
    """The start as seen from the end: beside the first answers, and never in their place."""
    seen = score(part.instrument, items_of(part), given)
    if seen is None:
        return ""
    return f"Looking back from the end, you put your start at {number(seen, DECIMALS)}. That is a separate answer."


def _missing(pre: Response | None, post: Response | None, *, over: bool) -> str:
    if pre and post:
        return ""
    if pre and over:
        return "You did not hand in the second survey, so there is no “after” to compare with."
    if pre:
        return "Your “after” is not here yet. The second survey opens when your cohort’s last session has ended."
    if post:
        return "You did not hand in the first survey, so there is no “before” to compare with."
    if over:
        return "You did not hand in a survey in this cohort, so there is nothing to show."
    return "You have not handed in a survey yet. When you have, your own answers appear here."


class _Yardsticks:
    """What a change is measured against: the cohort's own first answers, or what was published."""

    def __init__(self, survey: Survey) -> None:
        self.group = group_of(survey, consenting_keys(survey.cohort))

    def of(self, part: SurveyPart) -> Yardstick | None:
        found, factor = release_precision(self.group.rows(part)), _factor(part)
        if isinstance(found, Precision):
            source = f"the first answers of about {nearest(found.n, 5)} people in your cohort"
            return Yardstick(meaningful_difference(found.alpha, found.sd * factor), source)
        instrument = part.instrument
        if instrument.reliability is None or instrument.reference_sd is None:
            return None
        return Yardstick(meaningful_difference(instrument.reliability, instrument.reference_sd), "published figures")


def _factor(part: SurveyPart) -> int:
    return len(part.instrument.items.all()) if part.instrument.scoring == Instrument.Scoring.SUM else 1


def _scale(
    part: SurveyPart, before: dict, after: dict, yardsticks: _Yardsticks | None, enrolment: Enrolment
) -> ScaleProgress:
    instrument, items = part.instrument, items_of(part)
    low, high = score_range(instrument, len(items))
    pre, post = (score(instrument, items, given) for given in (before, after))
    yardstick = yardsticks.of(part) if yardsticks and pre is not None and post is not None else None
    return ScaleProgress(
        name=instrument.plain_name,
        note=_note(instrument),
        range_text=f"From {low:g} ({instrument.anchors[0].lower()}) to {high:g} ({instrument.anchors[-1].lower()}).",
        before="" if pre is None else number(pre, DECIMALS),
        after="" if post is None else number(post, DECIMALS),
        difference=_difference(pre, post),
        words=_words(pre, post, yardstick, enrolment, instrument),
        yardstick=_explained(yardstick),
        chart=dumbbell(_chart_title(instrument, pre, post), low, high, pre, post, DECIMALS),
        items=[ItemLine(item.text, _answer(item, before), _answer(item, after)) for item in items],
    )


def _note(instrument: Instrument) -> str:
    notes = ["" if instrument.validated else OWN_ITEMS, "" if instrument.higher_is_better else LOWER_HOPED_FOR]
    return " ".join(note for note in notes if note)


def _change(pre: float, post: float) -> float:
    """What is left when the printed scores are subtracted, so that the page adds up."""
    return half_up(half_up(post, DECIMALS) - half_up(pre, DECIMALS), DECIMALS)


def _difference(pre: float | None, post: float | None) -> str:
    return "" if pre is None or post is None else signed(_change(pre, post), DECIMALS)


def _chart_title(instrument: Instrument, pre: float | None, post: float | None) -> str:
    parts = [
        f"{label} {number(value, DECIMALS)}" for label, value in (("before", pre), ("after", post)) if value is not None
    ]
    return f"{instrument.plain_name}: {', '.join(parts) or 'no score'}"


def _answer(item: Item, given: dict) -> str:
    if item.pk not in given:
        return NOT_ANSWERED
    value = given[item.pk]
    return NOT_SAID if value is None else item.instrument.anchors[value - item.instrument.scale_min]


def _words(
    pre: float | None, post: float | None, yardstick: Yardstick | None, enrolment: Enrolment, instrument: Instrument
) -> str:
    """The change in plain words: always as uncertain as it is, never as a judgement of the person."""
    if pre is None or post is None:
        return "There is no score for both times, because too few of these statements were answered."
    if yardstick is None:
        return "We can’t say yet how large a change on these statements has to be to mean something."
    # The printed change against the printed yardstick: nobody reads that 0.82 is more than 0.82.
    found = verdict(0, _change(pre, post), half_up(yardstick.threshold, DECIMALS))
    if found is Verdict.WITHIN:
        return "Within normal variation: no clear change."
    higher = found is Verdict.HIGHER
    words = f"{'Higher' if higher else 'Lower'} than before, by more than measurement error."
    hoped_for = higher == instrument.higher_is_better
    return words if hoped_for else f"{words} If it is useful, talk to {_confidant(enrolment)}."


def _confidant(enrolment: Enrolment) -> str:
    """Whom a person may want to talk to: whoever leads their circle, or the team for those who lead one."""
    if enrolment.side == Side.LEAD:
        return "the programme team"
    return f"your {enrolment.cohort.format.get_lead_role_display().lower()}"


def _explained(yardstick: Yardstick | None) -> str:
    if yardstick is None:
        return ""
    size = number(yardstick.threshold, DECIMALS)
    return f"Measurement error: up to {size} points, from {yardstick.source}."

"""How many people took each step, from the invitation to two answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from circles.selectors.people import with_attendance
from cohorts.models import Cohort
from participants.models import Enrolment, EnrolmentState, NominationState
from privacy.models import Purpose
from privacy.selectors import agreed
from surveys.disclosure import Asked, Audience, CountFigure, Ledger, People, release, release_count
from surveys.models import Survey
from surveys.selectors.groups import Group, consenting_keys, group_of, keys_of
from surveys.statistics import PostScores, PreScores, ThenScores

INVITED = [NominationState.INVITED, NominationState.ACCEPTED, NominationState.DECLINED, NominationState.EXPIRED]
ENROLLED, PAIRED = "Enrolled", "Answered both times (paired)"
# Which steps are shown first where two would tell about the few between them; the others follow in their order.
WANTED = [ENROLLED, PAIRED, "Answered before the first session", "Answered after the last session"]


@dataclass(frozen=True)
class Waves:
    """Both surveys of a cohort, with the answers of those who agree to their use; their keys in all.

    `then_group` has how they saw their start from the end, where that was asked; `asked` are all surveys of the cohort.
    """

    pre: Survey
    post: Survey
    pre_group: Group[PreScores]
    post_group: Group[PostScores]
    then_group: Group[ThenScores] | None
    keys: set[str]
    asked: tuple[Survey, ...]

    @cached_property
    def whose(self) -> dict[str, object]:
        """Whose each key is. The link is opened once."""
        return dict(keys_of(self.pre.cohort))

    @property
    def paired(self) -> list[str]:
        """The keys of those who handed in both, in the order of the keys."""
        return [key for key in self.pre_group.answers if key in self.post_group.answers]


def waves(cohort: Cohort) -> Waves | None:
    """None for a cohort without its two surveys."""
    surveys = {survey.wave: survey for survey in cohort.surveys.all()}
    pre, post, then = (surveys.get(wave) for wave in (Survey.Wave.PRE, Survey.Wave.POST, Survey.Wave.THEN))
    if pre is None or post is None:
        return None
    keys = consenting_keys(cohort)
    then_group = group_of(then, keys) if then is not None else None
    return Waves(pre, post, group_of(pre, keys), group_of(post, keys), then_group, keys, tuple(surveys.values()))


def enrolled(cohort: Cohort) -> QuerySet[Enrolment]:
    """Those who finished enrolling and have not withdrawn."""
    return cohort.enrolments.filter(state__in=[EnrolmentState.ENROLLED, EnrolmentState.COMPLETED])


@dataclass(frozen=True)
class Step:
    """One step of the way, who took it, and the step of which it is a rate."""

    label: str
    people: People
    of: str = ENROLLED


def flow(cohort: Cohort, found: Waves | None, audience: Audience, ledger: Ledger) -> list[dict[str, object]]:
    """The steps with their numbers as released. Rates are of those enrolled; that of the enrolled is of the invited.

    Two steps tell of those who took only one of them. So each passes the gate beside those before it, the most wanted
    first, and one that differs by too few is not shown; nobody at all is.
    """
    steps = _steps(cohort, found)
    size = {step.label: len(step.people) for step in steps}
    shown: dict[str, CountFigure | None] = {}
    for step in sorted(steps, key=_wanted):
        of = size[step.of] if step.of and shown.get(step.of, True) else None
        shown[step.label] = _released(step, of, audience, ledger)
    return [_row(step, shown) for step in steps]


def _wanted(step: Step) -> int:
    return WANTED.index(step.label) if step.label in WANTED else len(WANTED)


def _released(step: Step, of: int | None, audience: Audience, ledger: Ledger) -> CountFigure | None:
    if not step.people:
        nobody = release_count(0, of, audience)
        return nobody if isinstance(nobody, CountFigure) else None
    figure = release(
        Asked("step on the way", step.people),
        lambda: release_count(len(step.people), of, audience),
        audience=audience,
        ledger=ledger,
    )
    return figure if isinstance(figure, CountFigure) else None


def _row(step: Step, shown: dict[str, CountFigure | None]) -> dict[str, object]:
    """A rate stands only beside the number that it is of."""
    figure, of = shown[step.label], shown.get(step.of)
    if figure is None:
        return {"label": step.label, "n": None, "percent": None}
    return {"label": step.label, "n": figure.n, "percent": figure.percent if of is not None else None}


def _steps(cohort: Cohort, found: Waves | None) -> list[Step]:
    people = dict(enrolled(cohort).values_list("pk", "user_id"))
    willing = agreed(people.values(), Purpose.EVALUATION)
    attended = with_attendance(cohort).filter(came__gte=cohort.certificate_sessions).values_list("pk", flat=True)
    answered = answered_by(cohort, found)
    invited = cohort.nominations.filter(state__in=INVITED).values_list("pk", "enrolment")
    came = f"Attended {cohort.certificate_sessions} or more of {cohort.session_count} sessions"
    return [
        Step("Invited", tokens(enrolment or nomination for nomination, enrolment in invited), of=""),
        Step(ENROLLED, tokens(people), of="Invited"),
        Step("Agreed that their answers may be used", tokens(pk for pk, user in people.items() if user in willing)),
        Step("Answered before the first session", tokens(answered.pre)),
        Step(came, tokens(attended)),
        Step("Answered after the last session", tokens(answered.post)),
        Step(PAIRED, tokens(answered.pre & answered.post)),
    ]


def reach_words(figures: dict) -> str:
    """How many of those enrolled the change is about, to the nearest five, where both may be shown."""
    steps = {one["label"]: one for one in figures.get("flow", [])}
    enrolled, paired = steps.get(ENROLLED), steps.get(PAIRED)
    if not enrolled or not paired or enrolled["n"] is None or paired["n"] is None:
        return "How many of those enrolled answered both times is not shown."
    rate = "" if paired["percent"] is None else f" ({paired['percent']}%)"
    return f"Of about {enrolled['n']} people enrolled about {paired['n']} answered both times{rate}."


def still_stepped(older: dict, newer: dict) -> dict[str, object]:
    """The newer steps; where so few changed that one may not be told anew, as it was."""
    shown = {row["label"]: row for row in older["flow"] if row["n"] is not None}
    return {"flow": [row if row["n"] is not None else shown.get(row["label"], row) for row in newer["flow"]]}


@dataclass(frozen=True)
class Answered:
    """Keys of the enrolments of those whose answers count, before and after."""

    pre: set[object]
    post: set[object]


def answered_by(cohort: Cohort, found: Waves | None) -> Answered:
    if found is None:
        return Answered(set(), set())
    return Answered(*({found.whose[key] for key in group.answers} for group in (found.pre_group, found.post_group)))


def tokens(keys: Iterable[object]) -> People:
    """People as the ledger counts steps: by a keyed hash that stays when answers are erased, and leads to nobody."""
    salted = salted_hmac("surveys.flow", "", algorithm="sha256")  # once: it takes longer than all the rest

    def token(key: object) -> str:
        one = salted.copy()
        one.update(str(key).encode())
        return one.hexdigest()[:32]

    return frozenset(map(token, keys))

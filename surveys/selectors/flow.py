"""How many people took each step, from the invitation to two answers."""

from dataclasses import dataclass

from django.db.models import QuerySet

from circles.selectors.people import with_attendance
from cohorts.models import Cohort
from participants.models import Enrolment, EnrolmentState, NominationState
from privacy.models import Purpose
from privacy.selectors import agreed
from surveys.disclosure import Audience, CountFigure, release_count
from surveys.models import Survey
from surveys.selectors.groups import Group, consenting_keys, group_of

INVITED = [NominationState.INVITED, NominationState.ACCEPTED, NominationState.DECLINED, NominationState.EXPIRED]


@dataclass(frozen=True)
class Waves:
    """Both surveys of a cohort, with the answers of those who agree to their use; their keys in all.

    `then_group` has how they saw their start from the end, where that was asked.
    """

    pre: Survey
    post: Survey
    pre_group: Group
    post_group: Group
    then_group: Group | None
    keys: set[str]

    @property
    def paired(self) -> list[str]:
        """The keys of those who handed in both, in the order of the keys."""
        return [key for key in self.pre_group.answers if key in self.post_group.answers]


def waves(cohort: Cohort) -> Waves | None:
    """None for a cohort without its two surveys."""
    surveys = {survey.wave: survey for survey in cohort.surveys.page_by_page()}
    pre, post, then = (surveys.get(wave) for wave in (Survey.Wave.PRE, Survey.Wave.POST, Survey.Wave.THEN))
    if pre is None or post is None:
        return None
    keys = consenting_keys(cohort)
    return Waves(
        pre, post, group_of(pre, keys), group_of(post, keys), group_of(then, keys) if then is not None else None, keys
    )


def enrolled(cohort: Cohort) -> QuerySet[Enrolment]:
    """Those who finished enrolling and have not withdrawn."""
    return cohort.enrolments.filter(state__in=[EnrolmentState.ENROLLED, EnrolmentState.COMPLETED])


def flow(cohort: Cohort, found: Waves | None, audience: Audience) -> list[dict[str, object]]:
    """The steps with their numbers as released. Rates are of those enrolled; that of the enrolled is of the invited."""
    invited = cohort.nominations.filter(state__in=INVITED).count()
    people = list(enrolled(cohort).values_list("user_id", flat=True))
    attended = with_attendance(cohort).filter(came__gte=cohort.certificate_sessions).count()
    rows = [
        ("Invited", invited, None),
        ("Enrolled", len(people), invited),
        ("Agreed that their answers may be used", len(agreed(people, Purpose.EVALUATION)), len(people)),
        ("Answered before the first session", len(found.pre_group.answers) if found else 0, len(people)),
        (f"Attended {cohort.certificate_sessions} or more of {cohort.session_count} sessions", attended, len(people)),
        ("Answered after the last session", len(found.post_group.answers) if found else 0, len(people)),
        ("Answered both times (paired)", len(found.paired) if found else 0, len(people)),
    ]
    return [_step(label, n, of, audience) for label, n, of in rows]


def _step(label: str, n: int, of: int | None, audience: Audience) -> dict[str, object]:
    figure = release_count(n, of, audience)
    if isinstance(figure, CountFigure):
        return {"label": label, "n": figure.n, "percent": figure.percent}
    return {"label": label, "n": None, "percent": None}

"""What a cohort told of its sessions and to the team's own questions; every figure passes `surveys.disclosure.release`.

Free text is in no figure, and nothing is worked out for one circle.
"""

from dataclasses import asdict

from cohorts.models import Cohort
from surveys.disclosure import (
    Asked,
    MeanFigure,
    ShareFigures,
    Suppressed,
    release,
    release_choices,
    release_mean,
    release_shares,
)
from surveys.models import Instrument, Question, Survey
from surveys.selectors.check_ins import check_in_page
from surveys.selectors.groups import choices_of, usefulness_of
from surveys.selectors.outcomes import Figures, Telling

COUNTED = [Question.Kind.SINGLE, Question.Kind.SCALE, Question.Kind.MULTIPLE, Question.Kind.CONSENT]
AGREED = "Agreed"


def check_in_figures(cohort: Cohort, keys: set[str], to: Telling) -> Figures | None:
    """The mean of what people said after each session, over all circles; None for a cohort that was not asked.

    There is a row for each session whether or not anybody answered.
    """
    part = check_in_page(cohort)
    if part is None:
        return None
    instrument, told = part.instrument, usefulness_of(part.survey, keys)
    sessions = range(1, cohort.session_count + 1)
    return {
        "key": instrument.key,
        "version": instrument.version,
        "name": instrument.plain_name,
        "scale": [instrument.scale_min, instrument.scale_max],
        "anchors": [instrument.anchors[0], instrument.anchors[-1]],
        "rows": [{"session": n, **_shown(_session(n, told.get(n, {}), instrument, to))} for n in sessions],
    }


def _session(n: int, told: dict[str, int], instrument: Instrument, to: Telling) -> MeanFigure | Suppressed:
    scale = (instrument.scale_min, instrument.scale_max)
    return release(
        Asked(f"{instrument.key} {instrument.version} session {n}", frozenset(told), readers=to.readers),
        lambda: release_mean(list(told.values()), scale=scale, audience=to.audience),
        audience=to.audience,
        ledger=to.ledger,
    )


def question_figures(cohort: Cohort, keys: set[str], to: Telling) -> list[Figures]:
    """How the answers to each of the team's own questions with answers to choose from are spread."""
    found = []
    for survey in cohort.surveys.filter(questions__kind__in=COUNTED).distinct().prefetch_related("questions"):
        chosen = choices_of(survey, keys)
        asked = [question for question in survey.questions.all() if question.kind in COUNTED]
        found += [_question(survey, question, chosen[question.pk], to) for question in asked]
    return found


def _question(survey: Survey, question: Question, chosen: dict[str, list[int]], to: Telling) -> Figures:
    """Of those who answered it. Where there are boxes to tick, one that is not ticked is an answer too."""
    boxes = question.kind in {Question.Kind.MULTIPLE, Question.Kind.CONSENT}
    options = [words for _, words in question.choices] or [AGREED]
    people = {key: numbers for key, numbers in chosen.items() if numbers or boxes}
    counts = [sum(number in numbers for numbers in people.values()) for number in range(1, len(options) + 1)]
    found = release(
        Asked(f"question {question.pk}", frozenset(people), readers=to.readers),
        lambda: release_choices(counts, len(people), to.audience) if boxes else release_shares(counts, to.audience),
        audience=to.audience,
        ledger=to.ledger,
    )
    return {
        "survey": survey.title,
        "wave": survey.wave,
        "key": str(question.pk),
        "question": question.text,
        "kind": question.kind,
        "options": options,
        **_shown(found),
    }


def _shown(found: MeanFigure | ShareFigures | Suppressed) -> Figures:
    if isinstance(found, Suppressed):
        return {"figures": None, "text": found.text}
    return {"figures": asdict(found), "text": ""}


def still_told(older: Figures, newer: Figures) -> Figures:
    """The newer figures of both kinds; where so few people changed that a row may not be told anew, as it was."""
    check_ins, before = newer["check_ins"], older.get("check_ins")
    if check_ins and before:
        check_ins = {**check_ins, "rows": _still(before["rows"], check_ins["rows"], "session")}
    return {"check_ins": check_ins, "questions": _still(older.get("questions", []), newer["questions"], "key")}


def _still(older: list[Figures], newer: list[Figures], name: str) -> list[Figures]:
    shown = {row[name]: row for row in older if row["figures"]}
    return [row if row["figures"] else shown.get(row[name], row) for row in newer]

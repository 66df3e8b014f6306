"""Each outcome of a cohort as one audience may see it; every figure passes `surveys.disclosure.release`."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from surveys.disclosure import (
    TEAM,
    Asked,
    Audience,
    ChangeFigures,
    Ledger,
    Suppressed,
    release,
    release_attrition,
    release_change,
    release_looking_back,
    release_reliability,
)
from surveys.models import SurveyPart
from surveys.scoring import score_range
from surveys.selectors.flow import Waves
from surveys.selectors.groups import Group
from surveys.statistics import PostScores, PreScores, ThenScores, holm

Figures = dict[str, object]


@dataclass(frozen=True)
class Telling:
    """Whom figures are for and what they were told before; `only` some people; `readers` answered and will read it."""

    audience: Audience
    ledger: Ledger
    circles: dict[str, object]
    only: frozenset[str] | None = None
    readers: frozenset[str] = field(default=frozenset())


def outcomes(found: Waves, parts: Iterable[SurveyPart], to: Telling) -> list[Figures]:
    """All outcomes, the primary first; p-values of the others are adjusted for each other (Holm)."""
    rows = [_outcome(found, part, to, primary=place == 0) for place, part in enumerate(parts)]
    secondary = [row["figures"] for row in rows[1:] if row["figures"] and row["figures"]["p"] is not None]
    for figures, adjusted in zip(secondary, holm([figures["p"] for figures in secondary]), strict=True):
        figures["p_holm"] = round(adjusted, 4)
    return rows


def _outcome(found: Waves, part: SurveyPart, to: Telling, *, primary: bool) -> Figures:
    instrument, scale = part.instrument, score_range(part.instrument, len(part.instrument.items.all()))
    pre, post = found.pre_group.scores(part), found.post_group.scores(part)
    released = _change(part, pre, post, scale, to)
    then = found.then_group.scores(part) if found.then_group and _is_team(to) else ThenScores()
    hidden = isinstance(released, Suppressed)
    whole = to.only is None
    return {
        "key": instrument.key,
        "version": instrument.version,
        "name": instrument.plain_name,
        "instrument": instrument.name,
        "validated": instrument.validated,
        "citation": instrument.citation,
        "items": [item.text for item in instrument.items.all()] if _is_team(to) else [],
        "scale": list(scale),
        "role": "primary" if primary else "secondary",
        "figures": None if hidden else asdict(released) | {"p_holm": None},
        "alpha_pre": _alpha(found.pre_group, part, "before", to) if whole else None,
        "alpha_post": _alpha(found.post_group, part, "after", to) if whole else None,
        "attrition": _attrition(part, pre, post, scale, to) if whole and _is_team(to) else None,
        "looking_back": _looking_back(part, (pre, then, post), scale, to) if whole and then else None,
        "text": released.text if isinstance(released, Suppressed) else "",
    }


def _change(
    part: SurveyPart, pre: PreScores, post: PostScores, scale: tuple[float, float], to: Telling
) -> ChangeFigures | Suppressed:
    """The change of those with both scores. No p and no effect size of a part of the cohort: it is descriptive."""
    whole = frozenset(key for key in pre if key in post)
    parents = () if to.only is None else (whole,)
    asked = Asked(change_measure(part), whole if to.only is None else whole & to.only, parents, to.readers)
    return release(
        asked,
        lambda: release_change(
            pre if to.only is None else pre.among(to.only),
            post,
            scale=scale,
            circles=to.circles,
            audience=to.audience,
            descriptive=to.only is not None,
        ),
        audience=to.audience,
        ledger=to.ledger,
    )


def _looking_back(
    part: SurveyPart, scores: tuple[PreScores, ThenScores, PostScores], scale: tuple[float, float], to: Telling
) -> Figures | None:
    """A series of its own beside the change, never in its place.

    Weighed with the change itself, whose people these are some of.
    """
    pre, then, post = scores
    everybody = frozenset(key for key in pre if key in post)
    people = frozenset(key for key in everybody if key in then)
    found = release(
        Asked(change_measure(part), people, (everybody,), to.readers),
        lambda: release_looking_back(pre, then, post, scale=scale, audience=to.audience),
        audience=to.audience,
        ledger=to.ledger,
    )
    return None if isinstance(found, Suppressed) else asdict(found)


def _alpha(group: Group[Any], part: SurveyPart, wave: str, to: Telling) -> Figures | None:
    rows = group.complete_rows(part)
    asked = Asked(_measure(part, f"reliability {wave}"), frozenset(rows), readers=to.readers)
    found = release(
        asked,
        lambda: release_reliability(list(rows.values()), to.audience, each=_is_team(to)) or Suppressed(),
        audience=to.audience,
        ledger=to.ledger,
    )
    return None if isinstance(found, Suppressed) else asdict(found)


def _attrition(
    part: SurveyPart, pre: PreScores, post: PostScores, scale: tuple[float, float], to: Telling
) -> Figures | None:
    again = {key: value for key, value in pre.items() if key in post}
    others = {key: value for key, value in pre.items() if key not in post}
    measure = _measure(part, "before")
    found = release(
        [Asked(measure, frozenset(one), readers=to.readers) for one in (again, others)],
        lambda: release_attrition(list(again.values()), list(others.values()), scale=scale, audience=to.audience),
        audience=to.audience,
        ledger=to.ledger,
    )
    return None if isinstance(found, Suppressed) else asdict(found)


def change_measure(part: SurveyPart) -> str:
    """What the change on one scale is called in the ledger, of whichever group."""
    return _measure(part, "change")


def still_released(older: Figures, newer: Figures) -> Figures:
    """The newer outcomes, of the cohort and of each organisation; what may not be told anew stands as it was."""
    found: Figures = {"outcomes": _still(older["outcomes"], newer["outcomes"])}
    if "organisations" in newer:
        before: dict[str, list[Figures]] = older.get("organisations", {})
        now = {key: _still(before.get(key, []), rows) for key, rows in newer["organisations"].items()}
        found["organisations"] = before | now
    return found


def _still(older: list[Figures], newer: list[Figures]) -> list[Figures]:
    shown = {(row["key"], row["version"]): row for row in older if row["figures"]}
    return [row if row["figures"] else shown.get((row["key"], row["version"]), row) for row in newer]


def _is_team(to: Telling) -> bool:
    return to.audience.name == TEAM.name


def _measure(part: SurveyPart, what: str) -> str:
    return f"{part.instrument.key} {part.instrument.version} {what}"

"""Released figures as files, with a dictionary of what each column means. Nothing is worked out here."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook

Cell = str | float | int | None
# What a spreadsheet would take for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # full-width ones too
NOT_SHOWN = "not shown"

DICTIONARY = {
    "outcome": "What was asked about, in plain words",
    "instrument": "The scale and its version",
    "role": "primary or secondary, as laid down before the first second answer",
    "validated": "yes: a published scale; no: the programme’s own statements",
    "scale_min": "The lowest score there can be",
    "scale_max": "The highest score there can be",
    "n_pairs": "People who answered before and after",
    "n_pre": "People who answered before; n_pairs where the rest are too few to be mentioned",
    "mean_pre": "Mean score before, in points of the scale",
    "sd_pre": "Standard deviation before",
    "mean_post": "Mean score after",
    "sd_post": "Standard deviation after",
    "mean_diff": "Mean difference, after minus before",
    "ci_low": "Lower end of its 95% t interval",
    "ci_high": "Upper end of its 95% t interval",
    "no_change_diff": "Mean change of all who answered before, had those without a second answer not changed at all",
    "p": "Two-sided p of the paired t test; from 10 pairs on",
    "p_holm": "p of a secondary outcome, adjusted for all secondary outcomes (Holm)",
    "g_z": "Mean difference in standard deviations of the differences, corrected for small samples (Hedges)",
    "g_z_low": "Lower end of its 95% interval (noncentral t)",
    "g_z_high": "Upper end of its 95% interval (noncentral t)",
    "d_av": "Mean difference by the root mean square of both standard deviations",
    "wilcoxon_p": "Two-sided p of Wilcoxon’s signed-rank test",
    "wilcoxon_method": "exact, or normal_cc: normal approximation with continuity correction",
    "rank_biserial": "(W+ − W−)/(W+ + W−)",
    "cluster_circles": "Circles in the interval that allows for them; from 10 circles and 50 pairs on",
    "cluster_icc": "How alike people of one circle changed: intraclass correlation",
    "cluster_ci_low": "Lower end of the 95% interval that allows for circles",
    "cluster_ci_high": "Upper end of the 95% interval that allows for circles",
    "alpha_pre": "Cronbach’s α before",
    "alpha_pre_low": "Lower end of its 95% interval (Feldt)",
    "alpha_pre_high": "Upper end of its 95% interval",
    "alpha_post": "Cronbach’s α after",
    "alpha_post_low": "Lower end of its 95% interval (Feldt)",
    "alpha_post_high": "Upper end of its 95% interval",
    "looking_back_n": "People who answered before, after, and how they saw their start from the end",
    "looking_back_diff": "Mean change since that start, after minus start as seen from the end; a series of its own",
    "looking_back_low": "Lower end of its 95% t interval",
    "looking_back_high": "Upper end of its 95% t interval",
    "response_shift": "Mean of the start as seen from the end minus the first answers",
    "response_shift_low": "Lower end of its 95% t interval",
    "response_shift_high": "Upper end of its 95% t interval",
    "note": "Why there are no figures, where there are none",
}
SESSIONS = {
    "session": "Number of the session, in whichever circle it was",
    "asked_about": "What was asked about",
    "n": "People who answered",
    "mean": "Their mean",
    "sd": "Standard deviation",
    "scale_min": "The lowest answer there can be",
    "scale_max": "The highest answer there can be",
    "note": "Why there are no figures, where there are none",
}
QUESTIONS = {
    "survey": "Where it was asked",
    "question": "One of the team’s own questions",
    "kind": "single, scale: one answer each; multiple, consent: boxes to tick",
    "answered": "People who answered it",
    "option": "One of the answers to choose from",
    "n": "How many chose it; blank where that is not shown",
    "percent": "Their share, in per cent",
    "note": "Why there are no figures, where there are none",
}
STEPS = {
    "step": "A step on the way",
    "people": "How many people took it",
    "percent": "Their share, in per cent: of the invited for those enrolled, of the enrolled for every step after it",
}
SHEETS = {"outcomes": DICTIONARY, "steps": STEPS, "sessions": SESSIONS, "questions": QUESTIONS}


def outcome_rows(figures: dict) -> list[dict[str, Cell]]:
    """One row an outcome with every column of the dictionary; the cells of a suppressed one are all blank."""
    return [{name: _cells(outcome).get(name) for name in DICTIONARY} for outcome in figures["outcomes"]]


def _cells(outcome: dict) -> dict[str, Cell]:
    known: dict[str, Cell] = {
        "outcome": outcome["name"],
        "instrument": f"{outcome['instrument']} (version {outcome['version']})",
        "role": outcome["role"],
        "validated": "yes" if outcome["validated"] else "no",
        "scale_min": outcome["scale"][0],
        "scale_max": outcome["scale"][1],
        "note": outcome["text"],
    }
    if outcome["figures"] is None:
        return known
    return known | outcome["figures"] | _prefixed("cluster", outcome["figures"]["cluster"]) | _more(outcome)


def _prefixed(prefix: str, figures: dict | None) -> dict[str, Cell]:
    return {f"{prefix}_{name}": value for name, value in (figures or {}).items()}


def _more(outcome: dict) -> dict[str, Cell]:
    return _alphas(outcome) | _looking_back(outcome.get("looking_back"))


def _looking_back(found: dict | None) -> dict[str, Cell]:
    if found is None:
        return {}
    since, shift = found["then_post"], found["pre_then"]
    return {
        "looking_back_n": since["n_pairs"],
        "looking_back_diff": since["mean_diff"],
        "looking_back_low": since["ci_low"],
        "looking_back_high": since["ci_high"],
        "response_shift": shift["mean_diff"],
        "response_shift_low": shift["ci_low"],
        "response_shift_high": shift["ci_high"],
    }


def _alphas(outcome: dict) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for name in ("alpha_pre", "alpha_post"):
        figures = outcome[name] or {}
        found |= {name: figures.get("alpha"), f"{name}_low": figures.get("low"), f"{name}_high": figures.get("high")}
    return found


def step_rows(figures: dict) -> list[dict[str, Cell]]:
    return [
        {"step": one["label"], "people": NOT_SHOWN if one["n"] is None else one["n"], "percent": one["percent"]}
        for one in figures["flow"]
    ]


def session_rows(figures: dict) -> list[dict[str, Cell]]:
    """One row a session; a cohort that was not asked has none."""
    told = figures.get("check_ins")
    if not told:
        return []
    scale = {"asked_about": told["name"], "scale_min": told["scale"][0], "scale_max": told["scale"][1]}
    rows = [{"session": one["session"], "note": one["text"], **scale, **(one["figures"] or {})} for one in told["rows"]]
    return [{name: row.get(name) for name in SESSIONS} for row in rows]


def question_rows(figures: dict) -> list[dict[str, Cell]]:
    """One row an answer to each of the team's own questions."""
    rows = [row for question in figures.get("questions", []) for row in _options(question)]
    return [{name: row.get(name) for name in QUESTIONS} for row in rows]


def _options(question: dict) -> list[dict[str, Cell]]:
    found = question["figures"]
    about = {name: question[name] for name in ("survey", "question", "kind")} | {"note": question["text"]}
    if found is None:
        return [about | {"option": option} for option in question["options"]]
    shown = zip(question["options"], found["options"], strict=True)
    return [about | {"answered": found["n"], "option": option, **(one or {})} for option, one in shown]


def safe(cell: Cell) -> Cell:
    """Text that a spreadsheet would run as a formula starts with an apostrophe; numbers are left as they are."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def as_csv(figures: dict) -> bytes:
    """The outcomes; the last line is the caveat that goes with every figure of change."""
    rows: list[list[Cell]] = [[row[name] for name in DICTIONARY] for row in outcome_rows(figures)]
    return _csv([[*DICTIONARY], *rows, [figures["caveat"]]])


def steps_csv(figures: dict) -> bytes:
    return _table_csv(STEPS, step_rows(figures))


def sessions_csv(figures: dict) -> bytes:
    return _table_csv(SESSIONS, session_rows(figures))


def questions_csv(figures: dict) -> bytes:
    return _table_csv(QUESTIONS, question_rows(figures))


def _table_csv(columns: dict[str, str], rows: list[dict[str, Cell]]) -> bytes:
    return _csv([[*columns], *([row[name] for name in columns] for row in rows)])


def dictionary_csv(figures: dict) -> bytes:
    """What each column of each file means."""
    rows = [[sheet, name, meaning] for sheet, columns in SHEETS.items() for name, meaning in columns.items()]
    return _csv([["sheet", "column", "meaning"], *rows, [figures["caveat"]]])


def as_json(figures: dict) -> bytes:
    """Everything that was released, in one order and so in the same bytes every time, with the dictionary."""
    released = {name: value for name, value in figures.items() if name != "organisations"}
    return json.dumps(released | {"dictionary": SHEETS}, sort_keys=True, ensure_ascii=False, indent=1).encode()


def as_xlsx(figures: dict) -> bytes:
    book = Workbook()
    book.remove(book.active)
    _sheet(book, "Outcomes", list(DICTIONARY), ([row[name] for name in DICTIONARY] for row in outcome_rows(figures)))
    _sheet(book, "Steps", list(STEPS), ([row[name] for name in STEPS] for row in step_rows(figures)))
    more = [("Sessions", SESSIONS, session_rows(figures)), ("Questions", QUESTIONS, question_rows(figures))]
    for title, columns, rows in more:
        _sheet(book, title, list(columns), ([row[name] for name in columns] for row in rows))
    meanings = [*DICTIONARY.items(), *STEPS.items(), *SESSIONS.items(), *QUESTIONS.items()]
    _sheet(book, "Dictionary", ["column", "meaning"], meanings)
    about = [("caveat", figures["caveat"]), ("cut-off", figures["cut_off"]), ("code", figures["code"])]
    about.append(("seed", "none: nothing is drawn at random"))
    _sheet(book, "About", ["what", "value"], about)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet(book: Workbook, title: str, heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    sheet = book.create_sheet(title)
    for row in [heading, *rows]:
        sheet.append([safe(cell) for cell in row])
    sheet.freeze_panes = "B2"


def _csv(rows: Iterable[Sequence[Any]]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows([[safe(cell) for cell in row] for row in rows])
    return file.getvalue().encode("utf-8-sig")

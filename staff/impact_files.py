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
    "note": "Why there are no figures, where there are none",
}
STEPS = {"step": "A step on the way", "people": "How many people took it", "percent": "Their share, in per cent"}


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
    return known | outcome["figures"] | _prefixed("cluster", outcome["figures"]["cluster"]) | _alphas(outcome)


def _prefixed(prefix: str, figures: dict | None) -> dict[str, Cell]:
    return {f"{prefix}_{name}": value for name, value in (figures or {}).items()}


def _alphas(outcome: dict) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for name in ("alpha_pre", "alpha_post"):
        figures = outcome[name] or {}
        found |= {name: figures.get("alpha"), f"{name}_low": figures.get("low"), f"{name}_high": figures.get("high")}
    return found


def step_rows(figures: dict) -> list[dict[str, Cell]]:
    under = f"under {figures['threshold']}"
    return [
        {"step": one["label"], "people": under if one["n"] is None else one["n"], "percent": one["percent"]}
        for one in figures["flow"]
    ]


def safe(cell: Cell) -> Cell:
    """Text that a spreadsheet would run as a formula starts with an apostrophe; numbers are left as they are."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def as_csv(figures: dict) -> bytes:
    """The outcomes; the last line is the caveat that goes with every figure of change."""
    rows: list[list[Cell]] = [[row[name] for name in DICTIONARY] for row in outcome_rows(figures)]
    return _csv([[*DICTIONARY], *rows, [figures["caveat"]]])


def dictionary_csv(figures: dict) -> bytes:
    rows = [[name, meaning] for name, meaning in DICTIONARY.items()]
    return _csv([["column", "meaning"], *rows, [figures["caveat"]]])


def as_json(figures: dict) -> bytes:
    """Everything that was released, in one order and so in the same bytes every time, with the dictionary."""
    released = {name: value for name, value in figures.items() if name != "organisations"}
    return json.dumps(released | {"dictionary": DICTIONARY}, sort_keys=True, ensure_ascii=False, indent=1).encode()


def as_xlsx(figures: dict) -> bytes:
    book = Workbook()
    book.remove(book.active)
    _sheet(book, "Outcomes", list(DICTIONARY), ([row[name] for name in DICTIONARY] for row in outcome_rows(figures)))
    _sheet(book, "Steps", list(STEPS), ([row[name] for name in STEPS] for row in step_rows(figures)))
    _sheet(book, "Dictionary", ["column", "meaning"], [*DICTIONARY.items(), *STEPS.items()])
    about = [("caveat", figures["caveat"]), ("cut-off", figures["cut_off"]), ("code", figures["code"])]
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

"""The report for funders, as a tagged PDF.

By typst, as the certificates: it writes PDF/UA-1 (headings, tables and alternative texts that a screen reader can use),
the same bytes every time, and needs no libraries of the system, which WeasyPrint does.
"""

import datetime as dt
import json
from functools import cache
from pathlib import Path

import typst
from django.conf import settings

from cohorts.models import Cohort
from staff.impact_files import step_rows
from staff.impact_table import is_weak
from surveys.charts import number, reach_of, signed
from surveys.printed import Told, told
from ui.dates import uk_date

TEMPLATE = Path(__file__).resolve().parent / "impact_report.typ"
TOO_FEW = "–"
OWN = "The programme’s own statements (version {version}), not a validated scale"
PUBLISHED = "{instrument}, version {version}"


def report_pdf(cohort: Cohort, figures: dict) -> bytes:
    """What was released for everybody outside the team; its words come in as data, never as markup."""
    cut_off = dt.datetime.fromisoformat(figures["cut_off"])
    values = {
        "service": settings.SERVICE_NAME,
        "cohort": str(cohort),
        "date": uk_date(cut_off),
        "caveat": figures["caveat"],
        "nested": figures["nested"],
        "policy": figures["policy"],
        "threshold": str(figures["threshold"]),
        "code": figures["code"],
        "excluded": figures["excluded"],
        "steps": [[_text(row["step"]), _text(row["people"]), _percent(row["percent"])] for row in step_rows(figures)],
        "outcomes": [_outcome(outcome) for outcome in figures["outcomes"]],
        "reach": (reach := _reach(figures)),
        "ends": [signed(-reach, 1), "no change", signed(reach, 1)],
        "told": [_told(one) for one in told(figures)],
    }
    return typst.compile(
        _source(),
        sys_inputs={"data": json.dumps(values)},
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards="ua-1",
        timestamp=cut_off,
    )


def _outcome(outcome: dict) -> dict[str, object]:
    figures = outcome["figures"]
    plain = {
        "name": outcome["name"],
        "role": outcome["role"],
        "instrument": (PUBLISHED if outcome["validated"] else OWN).format(**outcome),
        "text": outcome["text"],
        "weak": is_weak(outcome),
    }
    if figures is None:
        return plain | {"cells": [], "line": []}
    cells = [
        str(figures["n_pairs"]),
        number(figures["mean_pre"], 1),
        number(figures["mean_post"], 1),
        f"{signed(figures['mean_diff'], 1)} ({signed(figures['ci_low'], 1)} to {signed(figures['ci_high'], 1)})",
        TOO_FEW if figures["g_z"] is None else signed(figures["g_z"], 2),
        TOO_FEW if figures["d_av"] is None else signed(figures["d_av"], 2),
    ]
    return plain | {"cells": cells, "line": [figures["ci_low"], figures["mean_diff"], figures["ci_high"]]}


def _told(one: Told) -> dict[str, object]:
    """A table, and of sessions the chart beside it: where each mean lies on the scale, from 0 to 1, or nothing."""
    chart = None
    if one.chart is not None:
        width = one.chart.right - one.chart.left
        lines = [[line.label, line.value, _part(line.x, one.chart.left, width)] for line in one.chart.lines]
        chart = {"alt": one.chart.title, "ends": [one.chart.ticks[0].label, one.chart.ticks[-1].label], "lines": lines}
    rows = [[name, *(cells or [text, ""])] for name, text, cells in one.rows]
    return {"heading": one.heading, "note": one.note, "head": [one.first, *one.titles], "rows": rows, "chart": chart}


def _part(x: float | None, left: int, width: int) -> float | None:
    return None if x is None else (x - left) / width


def _reach(figures: dict) -> float:
    shown = [outcome["figures"] for outcome in figures["outcomes"] if outcome["figures"]]
    return reach_of([one[end] for one in shown for end in ("ci_low", "ci_high")])


def _text(value: object) -> str:
    return str(value)


def _percent(value: object) -> str:
    return TOO_FEW if value is None else f"{value}%"


@cache
def _source() -> bytes:
    return TEMPLATE.read_bytes()

"""An employer's page of evidence as a tagged PDF (PDF/UA-1). Leaves no audit line: it holds nobody's data."""

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path

import typst
from django.conf import settings

from accounts import clock
from surveys.selectors.evidence import Evidence
from ui.dates import date_range, uk_date

TEMPLATE = Path(__file__).resolve().parent.parent / "evidence.typ"


def evidence_pdf(found: Evidence) -> bytes:
    """Its words come in as data, never as markup."""
    participation = found.participation
    values = {
        "service": settings.SERVICE_NAME,
        "organisation": participation.organisation.name,
        "cohort": participation.cohort.name,
        "format": participation.cohort.format.name,
        "description": participation.cohort.format.description,
        "made_on": uk_date(found.made_on),
        "released_on": uk_date(found.released_on) if found.released_on else "",
        "state": found.state,
        "caveat": found.caveat,
        "places": [asdict(row) for row in found.places],
        "dates": [[label, date_range(starts, ends)] for label, starts, ends in found.dates],
        "steps": [asdict(row) for row in found.steps],
        "outcomes": [asdict(row) for row in found.outcomes],
        "withheld": found.withheld,
    }
    return typst.compile(
        _source(),
        sys_inputs={"data": json.dumps(values)},
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards="ua-1",
        timestamp=clock.now().replace(microsecond=0),
    )


@cache
def _source() -> bytes:
    return TEMPLATE.read_bytes()

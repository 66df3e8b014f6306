"""A poster as a tagged PDF (PDF/UA-1): one A4 page, to be printed or put on a screen."""

import datetime as dt
import json
from dataclasses import asdict
from functools import cache
from pathlib import Path

import qrcode
import typst
from django.conf import settings

from accounts import clock
from accounts.models import User
from organisations.models import Participation
from participants.recruiting import Poster, poster

TEMPLATE = Path(__file__).resolve().parent.parent / "poster.typ"


def poster_pdf(participation: Participation, role: str, by: User, closing_day: dt.date) -> bytes:
    """The poster for one role; whoever coordinates is named on it. Its words come in as data, never as markup."""
    made = poster(participation, role, by, closing_day)
    values = asdict(made) | {"service": settings.SERVICE_NAME, "code": _code(made)}
    return typst.compile(
        _source(),
        sys_inputs={"data": json.dumps(values)},
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards="ua-1",
        timestamp=clock.now().replace(microsecond=0),
    )


def _code(made: Poster) -> list[list[bool]]:
    """The square that a telephone reads, row by row: the link, or a letter to the coordinator."""
    code = qrcode.QRCode(border=0, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(made.address)
    code.make(fit=True)
    return code.get_matrix()


@cache
def _source() -> bytes:
    return TEMPLATE.read_bytes()

"""The first words of the public site, the FAQ and the resources, and the historical baseline.

They are Markdown files in `content/texts/`. Staff edit the rows, not the files: loading never overwrites a row.
"""

import datetime as dt
from functools import cache
from pathlib import Path

from django.conf import settings

from content.models import Baseline, Faq, PageText, Resource

TEXTS = Path(__file__).parent / "texts"
BASELINE = {
    "organisations": 67,
    "mentees": 1769,
    "mentors": 292,
    "as_of": dt.date(2021, 12, 31),
    "source": "The programme's published record since 2014, counted before this software.",
}


def titled(path: Path) -> tuple[str, str]:
    """Title and body of a file that begins with a line “# Title”."""
    first, _, body = path.read_text(encoding="utf-8").partition("\n")
    return first.removeprefix("# ").strip(), body.strip().replace("{contact_email}", settings.MAIL_REPLY_TO)


@cache
def page_texts() -> dict[str, tuple[str, str]]:
    """Title and body of every page text by its key, as first written."""
    return {path.stem: titled(path) for path in sorted((TEXTS / "pages").glob("*.md"))}


def _position(path: Path) -> int:
    return int(path.stem.partition("-")[0])


def _resource(path: Path) -> dict[str, str]:
    """A resource's fields: lines “name: value”, a blank line, then the body."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    pairs = (line.partition(":") for line in head.splitlines())
    values = {name: value.strip() for name, _, value in pairs}
    return {
        "title": values["title"],
        "summary": values["summary"],
        "format_key": values["format"],
        "role": values["role"],
        "body": body.strip(),
    }


def _load_pages() -> None:
    for key, (title, body) in page_texts().items():
        PageText.objects.get_or_create(key=key, defaults={"title": title, "body": body})


def _load_faqs() -> None:
    """Only into an empty FAQ: a question that staff reworded must not come back in its old words."""
    if Faq.objects.exists():
        return
    for path in sorted((TEXTS / "faq").glob("*.md")):
        question, answer = titled(path)
        Faq.objects.create(question=question, answer=answer, position=_position(path))


def _load_resources() -> None:
    """Only into an empty list, for the same reason."""
    if Resource.objects.exists():
        return
    for path in sorted((TEXTS / "resources").glob("*.md")):
        Resource.objects.create(position=_position(path), **_resource(path))


def load() -> None:
    """Add what is missing; leave what staff have edited alone."""
    _load_pages()
    _load_faqs()
    _load_resources()
    Baseline.objects.get_or_create(pk=1, defaults=BASELINE)

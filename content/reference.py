"""The first words of the public site, the FAQ and the resources, and the historical baseline.

They are Markdown files in `content/texts/`. Staff edit the rows, not the files: loading never overwrites a row.
"""

import datetime as dt
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db.models import Model

from content.comparing import digest
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


def _position(stem: str) -> int:
    return int(stem.partition("-")[0])


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


# The fields of each kind of text that are words to be read, the title first.
WORDS: dict[type[Model], tuple[str, ...]] = {
    PageText: ("title", "body"),
    Faq: ("question", "answer"),
    Resource: ("title", "summary", "body"),
}


@cache
def faq_texts() -> dict[str, tuple[str, str]]:
    return {path.stem: titled(path) for path in sorted((TEXTS / "faq").glob("*.md"))}


@cache
def resources() -> dict[str, dict[str, str]]:
    return {path.stem: _resource(path) for path in sorted((TEXTS / "resources").glob("*.md"))}


def shipped_words(model: type[Model]) -> dict[str, dict[str, str]]:
    """The shipped texts of a kind by the name of their file, each as the words of its fields."""
    if model is Resource:
        return {key: {name: fields[name] for name in WORDS[Resource]} for key, fields in resources().items()}
    found = page_texts() if model is PageText else faq_texts()
    return {key: dict(zip(WORDS[model], texts, strict=True)) for key, texts in found.items()}


def words_of(row: Model) -> dict[str, str]:
    return {name: getattr(row, name) for name in WORDS[type(row)]}


def _seen(words: dict[str, str], key: str) -> dict[str, str]:
    return {"shipped_as": key, "shipped_digest": digest(words)}


def _load_pages() -> None:
    for key, words in shipped_words(PageText).items():
        PageText.objects.get_or_create(key=key, defaults={**words, **_seen(words, key)})


def _load_faqs() -> None:
    """Only into an empty FAQ: a question that staff reworded must not come back in its old words."""
    if Faq.objects.exists():
        return
    for key, words in shipped_words(Faq).items():
        Faq.objects.create(position=_position(key), **words, **_seen(words, key))


def _load_resources() -> None:
    """Only into an empty list, for the same reason."""
    if Resource.objects.exists():
        return
    for key, fields in resources().items():
        words = {name: fields[name] for name in WORDS[Resource]}
        Resource.objects.create(position=_position(key), **fields, **_seen(words, key))


def _recognise() -> None:
    """Which file each row came from, where it is not known yet; and that a row has the shipped words by now."""
    for model, (title, *_) in WORDS.items():
        texts = shipped_words(model)
        named = {words[title]: key for key, words in texts.items()}
        taken = set(model.objects.exclude(shipped_as="").values_list("shipped_as", flat=True))
        for row in model.objects.all():
            key = row.shipped_as or getattr(row, "key", "") or named.get(getattr(row, title), "")
            if key not in texts or (not row.shipped_as and key in taken):
                continue
            same = digest(words_of(row)) == digest(texts[key])
            seen = digest(texts[key]) if same else row.shipped_digest
            if (row.shipped_as, row.shipped_digest) != (key, seen):
                model.objects.filter(pk=row.pk).update(shipped_as=key, shipped_digest=seen)
            taken.add(key)


def load() -> None:
    """Add what is missing; leave what staff have edited alone."""
    _load_pages()
    _load_faqs()
    _load_resources()
    _recognise()
    Baseline.objects.get_or_create(pk=1, defaults=BASELINE)

"""Payloads in every text of the database, and eyes that see one that became part of a page.

A payload carries the number of its field, so that one knows which texts a page shows.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction

# Breaks out of an attribute, a text, a title, a field, a script and a style; as Markdown it is links too.
LONG = (
    "'\"></title></textarea></script></style><x-s y-s=1 onfocus=x()><img src=x onerror=alert(1)>"
    "[x](javascript:x()) ![x](javascript:x()) <javascript:x()> x-s:{0}."
)
SHORT = "'\"><x-s y-s>{0}."
LINK = "javascript:x()//x-s:{0}."
# Texts that the code itself knows, and what is no text: a payload there is another row, or none.
KNOWN_TO_THE_CODE = {
    "staff.SavedView.of_list", "staff.OpeningView.of_list",
    "staff.PutOff.rule", "staff.PutOff.subject", "surveys.Instrument.key", "surveys.LedgerEntry.audience",
    "surveys.LedgerEntry.measure", "surveys.LedgerEntry.people", "surveys.EvaluationPlan.outcomes",
    "surveys.Snapshot.figures", "circles.Certificate.code", "circles.Announcement.roles", "cohorts.Format.key",
    "cohorts.Topic.key", "circles.FormationRun.progress", "circles.FormationRun.parts", "circles.FormationRun.settings",
    "circles.FormationRun.problem", "participants.Enrolment.steps_done", "participants.Enrolment.meets_at",
    "content.PageText.shipped_as", "content.Faq.shipped_as", "content.Resource.shipped_as", "staff.HandbookText.slug",
    "staff.HandbookText.based_on",
    "content.PageText.key", "content.Resource.format_key", "content.Resource.role", "outbox.Message.key",
    "outbox.Message.kind", "outbox.Message.occurrence", "outbox.Message.message_id", "outbox.Wording.kind",
    "accounts.User.password", "cohorts.Format.group_word",
    "surveys.QuestionAnswer.chosen",
}  # fmt: skip
DIGESTS = re.compile(r"(^|_)(key|hash|digest|id)$")


def text_fields() -> Iterator[models.Field]:
    """Every text of every model of ours that people or the team may write."""
    for model in apps.get_models():
        if Path(model._meta.app_config.path).parent != Path(settings.BASE_DIR):
            continue
        for field in model._meta.concrete_fields:
            text = isinstance(field, models.CharField | models.TextField | models.JSONField) and not field.choices
            digest = DIGESTS.search(field.name) and field.name != "sort_name"
            if text and not digest and str(field) not in KNOWN_TO_THE_CODE and field.model is model:
                yield field


def payload(field: models.Field, number: int, old: Any) -> Any:
    """What stands in the field from now on; of lists and mappings the texts in them."""
    if isinstance(field, models.JSONField):
        return _poisoned(old, number)
    if isinstance(field, models.EmailField):
        return f"{SHORT.format(number)}{abs(hash(old)) % 10_000}@employer.example"
    shape = LINK if isinstance(field, models.URLField) else LONG
    room = field.max_length or 10_000
    return (shape if len(shape) + 4 <= room else SHORT).format(number)


def _poisoned(value: Any, number: int) -> Any:
    if isinstance(value, dict):
        return {key: _poisoned(one, number) for key, one in value.items()}
    if isinstance(value, list):
        return [_poisoned(one, number) for one in value]
    return LONG.format(number) if isinstance(value, str) else value


def poison() -> tuple[dict[int, str], set[str]]:
    """Put a payload into every text of every row. Returns the fields by number, and those that took none."""
    fields = dict(enumerate(text_fields(), 100))
    untouched = {str(field) for field in fields.values()}
    by_model: dict[type[models.Model], list[int]] = defaultdict(list)
    for number, field in fields.items():
        by_model[field.model].append(number)
    for model, numbers in by_model.items():
        for row in model._base_manager.all():
            for number in numbers:
                if _put(row, fields[number], number):
                    untouched.discard(str(fields[number]))
    return {number: str(field) for number, field in fields.items()}, untouched


def _put(row: models.Model, field: models.Field, number: int) -> bool:
    """False where a constraint of the database holds the payload out."""
    new = payload(field, number, getattr(row, field.attname))
    try:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**{field.name: new})
    except IntegrityError:
        return False
    return True


# --- looking --------------------------------------------------------------------------------------

SHOWN = re.compile(r"x-s(?::| y-s&gt;)(\d{3})\.")
LINKS = {"href", "src", "action", "formaction", "data", "poster", "srcset", "xlink:href"}


class Eye(HTMLParser):
    """Collects what a payload made: an element, an attribute, a link that runs, the end of a data block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.block: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        where = f"<{tag} {attrs}>"[:200]
        if tag == "x-s" or any(name.startswith(("on", "x-s", "y-s")) for name, _ in attrs):
            self.faults.append(where)
        for name, value in attrs:
            if name in LINKS and re.sub(r"[\s\x00-\x20]", "", value or "").lower().startswith(("javascript:", "data:")):
                self.faults.append(where)
        if tag == "script" and not dict(attrs).get("src"):
            self.block = dict(attrs).get("type") or ""

    def handle_data(self, data: str) -> None:
        if self.block is None:
            return
        if "json" not in self.block or "<" in data:
            self.faults.append(f"<script type={self.block!r}>{data[:80]}")
        else:
            json.loads(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.block = None


def faults_in(html: str) -> list[str]:
    eye = Eye()
    eye.feed(html)
    eye.close()
    return eye.faults


def shown_in(html: str) -> set[int]:
    """The numbers of the fields whose payload stands in the page as text."""
    return {int(number) for number in SHOWN.findall(html)}

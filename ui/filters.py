"""Filters of the admin's lists, in the words of the work."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin import EmptyFieldListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import Field

WORDS = {"Not empty": "Yes", "Empty": "No"}


class HappenedFilter(EmptyFieldListFilter):
    """Whether something has happened, by the field that says when: “closed: no”, not “closed at: empty”."""

    title: str

    def __init__(self, field: Field, *args: Any, **kwargs: Any) -> None:
        super().__init__(field, *args, **kwargs)
        self.title = self.title.removesuffix(" at")

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        for choice in super().choices(changelist):
            said = str(choice["display"])
            word = next((word for word in WORDS if said.startswith(word)), "")
            yield {**choice, "display": WORDS.get(word, "") + said.removeprefix(word)}

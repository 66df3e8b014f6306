"""How one cell of a file becomes a value, and a value a cell. What can't be read is a ValueError in plain words."""

from collections.abc import Callable, Iterable
from typing import Any

from import_export.widgets import Widget

from accounts.models import User
from organisations.selectors import answering_staff

YES, NO = {"yes", "y", "true", "1", "x"}, {"no", "n", "false", "0"}


class YesNo(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> bool:
        word = value.casefold()
        if word not in YES | NO:
            raise ValueError("Write yes or no.")
        return word in YES

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "Yes" if value else "No"


class OneOf(Widget):
    """One of some choices, by its words or its key, however they are written."""

    def __init__(self, choices: Callable[[], Iterable[tuple[str, str]]]) -> None:
        super().__init__()
        self.choices = choices

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        choices = [(str(key), str(words)) for key, words in self.choices() if key]
        found = next((key for key, words in choices if value.casefold() in {key.casefold(), words.casefold()}), None)
        if found is None:
            raise ValueError(f"“{value}” is none of: {'; '.join(words for _, words in choices)}.")
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return dict(self.choices()).get(value, value or "")


class Number(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> int:
        if not value.isdecimal():
            raise ValueError("Write a whole number, 0 or more.")
        return int(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


class Domain(Widget):
    """What stands after the @ of its addresses; a whole address does as well."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        domain = value.strip().lower().rpartition("@")[2]
        if "." not in domain or " " in domain:
            raise ValueError(f"“{value}” is not a domain, as in employer.example.")
        return domain


class Adviser(Widget):
    """A member of the team who answers organisations, by e-mail address."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> User:
        found = answering_staff().filter(email__iexact=value).first()
        if found is None:
            raise ValueError(f"Nobody in the team who answers organisations has the address {value}.")
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.email if value else ""

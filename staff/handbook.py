"""The handbook of the programme team: one short page for each task, kept as Markdown files in `texts/handbook/`.

A file begins with lines “name: value”: its `title` and `summary`; `on`, the names of the pages that it explains, with
`*` for any ending; `go` and `cohort`, pages to go to, the second kind once for each open cohort. In
the text a link goes to `admin:name`, or to `handbook:slug`.
"""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from django.urls import reverse

from cohorts.models import Cohort

TEXTS = Path(__file__).parent / "texts" / "handbook"
LINK = re.compile(r"\]\((admin|handbook):([\w-]+)(\?[^)]*)?\)")

Go = tuple[str, str]


@dataclass(frozen=True)
class Chapter:
    """One task. `go` and `by_cohort` are (name of a page, words); `on` are the pages that it explains."""

    slug: str
    title: str
    summary: str
    on: tuple[str, ...]
    go: tuple[Go, ...]
    by_cohort: tuple[Go, ...]
    text: str

    @property
    def url(self) -> str:
        return reverse("admin:handbook_page", args=[self.slug])

    @property
    def body(self) -> str:
        """The text as Markdown, its links as addresses of this copy."""
        return LINK.sub(lambda found: f"]({_address(*found.groups(default=''))})", self.text)

    @property
    def whole(self) -> str:
        """The page with its title, as a part of all of them."""
        return f"## {self.title}\n\n{self.summary}\n\n{re.sub('^## ', '### ', self.body, flags=re.MULTILINE)}"

    @property
    def links(self) -> list[Go]:
        """Where the task is done: (words, address)."""
        return [(words, _address(*_parts(target))) for target, words in self.go]

    def links_for(self, cohorts: list[Cohort]) -> list[tuple[str, list[tuple[Cohort, str]]]]:
        """Pages of a cohort, each with its address for every cohort that is given."""
        return [
            (words, [(cohort, reverse(target, args=[cohort.pk])) for cohort in cohorts])
            for target, words in self.by_cohort
        ]

    def explains(self, url_name: str) -> bool:
        return any(fnmatchcase(url_name, pattern) for pattern in self.on)

    def has(self, words: list[str]) -> bool:
        everything = f"{self.title} {self.summary} {self.text}".casefold()
        return all(word in everything for word in words)


def chapters() -> list[Chapter]:
    """All of them, in the order of a cohort's life."""
    return list(_load())


def chapter(slug: str) -> Chapter | None:
    return next((one for one in _load() if one.slug == slug), None)


def about(url_name: str) -> Chapter | None:
    """The chapter that explains a page of the admin site; None for one that explains itself."""
    return next((one for one in _load() if one.explains(url_name)), None) if url_name else None


def search(query: str) -> list[Chapter]:
    """Those that have every word of the query, with it in their title first; all of them for an empty query."""
    words = query.casefold().split()
    found = [one for one in _load() if one.has(words)]
    return sorted(found, key=lambda one: not any(word in one.title.casefold() for word in words))


def _parts(target: str) -> tuple[str, str, str]:
    kind, _, rest = target.partition(":")
    name, mark, query = rest.partition("?")
    return kind, name, mark + query


def _address(kind: str, name: str, query: str) -> str:
    page = reverse("admin:handbook_page", args=[name]) if kind == "handbook" else reverse(f"admin:{name}")
    return page + query


@cache
def _load() -> tuple[Chapter, ...]:
    return tuple(_read(path) for path in sorted(TEXTS.glob("*.md")))


def _read(path: Path) -> Chapter:
    head, _, text = path.read_text(encoding="utf-8").partition("\n\n")
    pairs = [line.partition(": ")[::2] for line in head.splitlines()]
    one = dict(pairs)
    return Chapter(
        slug=path.stem.partition("-")[2],
        title=one["title"],
        summary=one["summary"],
        on=tuple(one.get("on", "").split()),
        go=_targets(pairs, "go"),
        by_cohort=_targets(pairs, "cohort"),
        text=text.strip(),
    )


def _targets(pairs: list[tuple[str, str]], kind: str) -> tuple[Go, ...]:
    found = (value.partition(" | ")[::2] for name, value in pairs if name == kind)
    return tuple((target, words) for target, words in found)

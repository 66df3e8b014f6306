"""The handbook of the programme team: one short page for each task, shipped as Markdown files in `texts/handbook/`.

What the team has written in the place of a page's words counts; where it leads to and what it explains stay the file's.

A file begins with lines “name: value”: its `title` and `summary`; `on`, the names of the pages that it explains, with
`*` for any ending; `go` and `cohort`, pages to go to, the second kind once for each open cohort. In
the text a link goes to `admin:name`, or to `handbook:slug`.
"""

import re
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from django.contrib.admin import site
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from cohorts.models import Cohort
from content.comparing import digest
from staff.models import HandbookText

TEXTS = Path(__file__).parent / "texts" / "handbook"
LINK = re.compile(r"\[([^]]*)\]\((admin|handbook):([\w-]+)(\?[^)]*)?\)")
# What opens a page that is no list of the admin's own.
NEEDS = {
    "announcements": "circles.view_announcement",
    "clone_cohort": "cohorts.add_cohort",
    "close_cohort": "surveys.close_cohort",
    "cohort_changes": "circles.form_circles",
    "cohort_closed_days": "circles.view_session",
    "cohort_impact": "surveys.view_impact",
    "cohort_onboarding": "participants.view_enrolment",
    "cohort_organisations": "participants.view_enrolment",
    "cohort_reminders": "cohorts.change_cohort",
    "duplicate_people": "accounts.change_user",
    "evaluation_plan": "surveys.view_impact",
    "formation_board": "circles.form_circles",
    "formation_ready": "circles.form_circles",
    "impact_comparison": "surveys.view_impact",
    "past_cohorts": "cohorts.add_cohort",
    "wordings": "outbox.view_wording",
}

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
    is_ours: bool = False

    @property
    def words(self) -> dict[str, str]:
        return {"title": self.title, "summary": self.summary, "body": self.text}

    @property
    def url(self) -> str:
        return reverse("admin:handbook_page", args=[self.slug])

    def body(self, request: HttpRequest) -> str:
        """The text as Markdown, its links as addresses of this copy; words alone where the page is not the reader's."""

        def link(found: re.Match[str]) -> str:
            words, *target = found.groups(default="")
            return f"[{words}]({_address(*target)})" if may_open(request, *target[:2]) else words

        return LINK.sub(link, self.text)

    def whole(self, request: HttpRequest) -> str:
        """The page with its title, as a part of all of them."""
        body = re.sub("^## ", "### ", self.body(request), flags=re.MULTILINE)
        return f"## {self.title}\n\n{self.summary}\n\n{body}"

    def links(self, request: HttpRequest) -> list[Go]:
        """Where the task is done, as far as the reader may go there: (words, address)."""
        found = [(_parts(target), words) for target, words in self.go]
        return [(words, _address(*parts)) for parts, words in found if may_open(request, *parts[:2])]

    def links_for(self, request: HttpRequest, cohorts: list[Cohort]) -> list[tuple[str, list[tuple[Cohort, str]]]]:
        """Pages of a cohort, each with its address for every cohort given in which the reader may open it, if any."""
        found = []
        for target, words in self.by_cohort:
            kind, name, _ = _parts(target)
            mine = [one for one in cohorts if may_open(request, kind, name, one)]
            found.append((words, [(one, reverse(target, args=[one.pk])) for one in mine]))
        return [(words, mine) for words, mine in found if mine]

    def explains(self, url_name: str) -> bool:
        return any(fnmatchcase(url_name, pattern) for pattern in self.on)

    def has(self, words: list[str]) -> bool:
        everything = f"{self.title} {self.summary} {self.text}".casefold()
        return all(word in everything for word in words)


def chapters() -> list[Chapter]:
    """All of them, in the order of a cohort's life; one query."""
    ours = newest()
    return [_in_our_words(one, ours.get(one.slug)) for one in _load()]


def chapter(slug: str) -> Chapter | None:
    return next((one for one in chapters() if one.slug == slug), None)


def shipped(slug: str) -> Chapter | None:
    """As it came with the product."""
    return next((one for one in _load() if one.slug == slug), None)


def newest() -> dict[str, HandbookText]:
    """The version of each page that counts, by its slug; one query."""
    rows = HandbookText.objects.order_by("slug", "-number").distinct("slug").select_related("written_by")
    return {row.slug: row for row in rows}


def changed_since() -> list[Chapter]:
    """Pages in the team's words whose shipped ones have changed since; one query."""
    ours = newest()
    pairs = [(one, ours.get(one.slug)) for one in _load()]
    return [one for one, row in pairs if row and not row.is_shipped and row.based_on != digest(one.words)]


def unknown_links(text: str) -> list[str]:
    """Where a text leads to that there is not, as it is written."""
    slugs = {one.slug for one in _load()}
    found = [(kind, name) for _, kind, name, _ in LINK.findall(text)]
    return [f"{kind}:{name}" for kind, name in found if not (name in slugs if kind == "handbook" else _is_page(name))]


def _is_page(name: str) -> bool:
    try:
        reverse(f"admin:{name}")
    except NoReverseMatch:
        return False
    return True


def _in_our_words(one: Chapter, row: HandbookText | None) -> Chapter:
    if row is None or row.is_shipped:
        return one
    return replace(one, title=row.title, summary=row.summary, text=row.body, is_ours=True)


def about(url_name: str) -> Chapter | None:
    """The chapter that explains a page of the admin site, as shipped; None for one that explains itself."""
    return next((one for one in _load() if one.explains(url_name)), None) if url_name else None


def search(query: str) -> list[Chapter]:
    """Those that have every word of the query, with it in their title first; all of them for an empty query."""
    words = query.casefold().split()
    found = [one for one in chapters() if one.has(words)]
    return sorted(found, key=lambda one: not any(word in one.title.casefold() for word in words))


def may_open(request: HttpRequest, kind: str, name: str, cohort: Cohort | None = None) -> bool:
    """Whether the reader may see a page that a text or a list of links leads to."""
    if kind == "handbook" or name == "index":
        return True
    if name in NEEDS:
        return request.user.has_perm(NEEDS[name], cohort)
    label, _, page = name.rpartition("_")
    for model, model_admin in site._registry.items():
        if f"{model._meta.app_label}_{model._meta.model_name}" == label:
            asked = model_admin.has_add_permission if page == "add" else model_admin.has_view_permission
            return bool(asked(request))
    return False


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

"""What is wrong with the words of a message, each fault with its line and what to do about it."""

import difflib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.template.exceptions import TemplateSyntaxError

from outbox import moulds, own_html, sandbox
from outbox.kinds import MessageKind, Variable
from outbox.rendering import MARKDOWN, REVEALING, Markdown, Rendered, Url, fill, markdown_of, render

SUBJECT, BODY, HTML = "subject", "body", "html"
EVERYWHERE = list(moulds.SITE)
MOST_CHOICES = 6  # yes-or-no variables whose every combination is tried
SAYS_NOTHING = {
    "click here", "click", "here", "link", "this link", "this", "more", "read more", "learn more", "this page", "page",
    "go", "see here", "press here", "tap here",
}  # fmt: skip
_TAG = re.compile(r"{%-?\s*(\w*)")
_LINK_TEXT = re.compile(r"<a [^>]*>(.*?)</a>", re.DOTALL)
_RUNS_ON = re.compile(r"\[([^\]]+)\]\([^)\s]+\)(?=[^\n]*\S)")
_HREF = re.compile(r'href="([^"]+)"')
_ADDRESS = re.compile(r"https?://\S+")


@dataclass
class Faults:
    """By the part of the message that has them; falsy when there are none."""

    of: dict[str, list[str]] = field(default_factory=dict)

    def add(self, part: str, words: str) -> None:
        found = self.of.setdefault(part, [])
        if words not in found:
            found.append(words)

    def __bool__(self) -> bool:
        return bool(self.of)


def sample(kind: MessageKind, **changed: object) -> dict[str, Any]:
    """Invented values for every variable of the kind."""
    return {variable.name: sample_value(variable) for variable in kind.variables} | changed


def sample_value(variable: Variable) -> object:
    return Url(f"{settings.BASE_URL}{variable.example}") if variable.is_link else variable.example


def check(kind: MessageKind, subject: str, body: str, html: str = "") -> Faults:
    """Everything that keeps these words from being sent as a message of the kind."""
    faults = Faults()
    for part, source in ((SUBJECT, subject), (BODY, body), (HTML, html)):
        _written(kind, part, source, faults)
    if not faults:
        _rendered(kind, subject, body, faults)
    if html and not faults:
        _own_html(kind, sandbox.pair(subject, body, html=html), faults)
    return faults


def check_typed(kind: MessageKind, subject: str, body: str) -> Faults:
    """What keeps words that are typed for one occasion, without variables, from being sent as a message of the kind."""
    faults = Faults()
    _subject(subject, faults)
    if not body.strip():
        faults.add(BODY, "Enter the text.")
    values = sample(kind, subject=subject, text=Markdown(body))
    for fault in style_faults(body, render(kind.template, values)):
        faults.add(BODY, fault)
    return faults


# --- as it is written -----------------------------------------------------------------------------
def _written(kind: MessageKind, part: str, source: str, faults: Faults) -> None:
    before = len(faults.of.get(part, []))
    if part == SUBJECT:
        _subject(source, faults)
    for number, line in enumerate(source.split("\n"), start=1):
        _line(part, number, line, faults)
    if len(faults.of.get(part, [])) == before:
        _names(kind, part, source, faults)


def _subject(source: str, faults: Faults) -> None:
    if not source.strip():
        faults.add(SUBJECT, "Enter a subject.")
    if "\n" in source or "\r" in source:
        faults.add(SUBJECT, "A subject is one line. Take the line breaks out.")
    if found := REVEALING.search(source):
        faults.add(
            SUBJECT,
            f"Leave “{found[0]}” out of the subject: colleagues may see it, and it says something about the person.",
        )


def _at(part: str, line: int) -> str:
    return "" if part == SUBJECT else f"Line {line}: "


def _line(part: str, number: int, line: str, faults: Faults) -> None:
    """Marks that are not closed, and tags that are not for messages."""
    rest = sandbox.TOKEN.sub("", line)
    for mark, other in (("{{", "}}"), ("{%", "%}")):
        if mark in rest:
            faults.add(part, f"{_at(part, number)}“{mark}” is not closed. Close it with “{other}” on the same line.")
        elif other in rest:
            faults.add(part, f"{_at(part, number)}“{other}” closes nothing. Open it with “{mark}”, or take it out.")
    for name in _TAG.findall(line):
        if name not in sandbox.TAGS:
            faults.add(
                part,
                f"{_at(part, number)}“{{% {name} %}}” can’t be used in a message. Only if, elif, else, endif, for, "
                "empty and endfor can.",
            )


def _names(kind: MessageKind, part: str, source: str, faults: Faults) -> None:
    try:
        template = sandbox.compiled(source)
    except TemplateSyntaxError as error:
        token = getattr(error, "token", None)
        faults.add(part, f"{_at(part, token.lineno if token else 1)}{_plainly(str(error))}")
        return
    names = {variable.name for variable in kind.variables} | set(EVERYWHERE)
    for use in sandbox.uses(template):
        if use.name not in names:
            near = difflib.get_close_matches(use.name, names, n=1)
            hint = f"Did you mean “{near[0]}”?" if near else "Use one of those that are listed beside the text."
            faults.add(part, f"{_at(part, use.line)}there is no “{use.name}” in this message. {hint}")


def _plainly(words: str) -> str:
    """Django's account of a fault, in ours."""
    if found := re.match(r"Unclosed tag on line \d+: '(\w+)'", words):
        return f"“{{% {found[1]} %}}” is not closed. Write “{{% end{found[1]} %}}” where it ends."
    if found := re.match(r"Invalid block tag on line \d+: '(\w+)'", words):
        return f"“{{% {found[1]} %}}” stands where nothing is open that it could belong to. Take it out."
    if found := re.match(r"Invalid filter: '(\w+)'", words):
        return f"“|{found[1]}” can’t be used. Only |{', |'.join(sandbox.FILTERS)} can."
    if words.startswith(("Could not parse", "Empty variable", "Variables and attributes")):
        return "what stands between “{{” and “}}” is not a name. Use one of those that are listed beside the text."
    return f"this can’t be understood ({words})."


# --- as it would be sent --------------------------------------------------------------------------
def combinations(kind: MessageKind) -> Iterator[dict[str, Any]]:
    """Sample values with every combination of the yes-or-no variables."""
    choices = [variable.name for variable in kind.variables if isinstance(variable.example, bool)][:MOST_CHOICES]
    for chosen in itertools.product([True, False], repeat=len(choices)):
        yield sample(kind, **dict(zip(choices, chosen, strict=True)))


def _rendered(kind: MessageKind, subject: str, body: str, faults: Faults) -> None:
    words = sandbox.pair(subject, body)
    for values in combinations(kind):
        try:
            first, markdown = markdown_of(words, values)
            mail = fill(words, values)
        except Exception as error:  # whatever it is, staff should read of it now and not when a message is to leave
            faults.add(BODY, f"With invented values this text can’t be made into a message ({error}).")
            return
        if not first.strip():
            faults.add(SUBJECT, "With some values the subject is empty. Put words outside the “if”.")
        if not markdown.strip():
            faults.add(BODY, "With some values the text is empty. Put words outside the “if”.")
        for fault in style_faults(markdown, mail):
            faults.add(BODY, fault)
        for variable in kind.variables:
            if variable.name in kind.required and (fault := _missing(variable, words, values)):
                faults.add(BODY, fault)


def _missing(variable: Variable, words: sandbox.Pair, values: dict[str, Any]) -> str:
    """What is wrong when a message with these values does not say the variable; blank when it does."""
    name, meaning = variable.name, variable.meaning[:1].lower() + variable.meaning[1:]
    mark = Url("https://required.example/") if variable.is_link else "requiredvalue"
    with_mark = fill(words, values | {name: mark})
    if mark not in with_mark.text:
        where = "for some people it is not there: write it outside the “if”" if name in words.names else "write it in"
        return f"“{variable.use}” ({meaning}) is missing, and nobody can do without it; {where}."
    if variable.is_link and f'href="{mark}"' not in with_mark.html:
        return f"Write “{name}” as a link that can be tapped: “{variable.use}”."
    return ""


def style_faults(markdown: str, mail: Rendered) -> Iterator[str]:
    """What would make the message hard to read for somebody, or its two parts differ."""
    for token in MARKDOWN.parse(markdown):
        if token.type == "heading_open" and token.tag != "h2":
            yield "Headings begin with “## ”: the subject is the one heading above them."
    if "![" in markdown:
        yield "Pictures are not shown in these messages. Take out the “!” before “[”, and it becomes a link."
    for words in _RUNS_ON.findall(markdown):
        yield (
            f"Let the link “{words}” end its line: in the plain text its address would run into the words after it. "
            "Best give it a line of its own."
        )
    yield from link_faults(mail)


def link_faults(mail: Rendered) -> Iterator[str]:
    """Links whose words say nothing by themselves, or that the plain text does not hold."""
    for words in _LINK_TEXT.findall(mail.html):
        said = re.sub(r"<[^>]+>", "", words).strip().strip(".!").lower()
        if not said or said in SAYS_NOTHING:
            yield f"The link “{words}” does not say where it leads. Write what somebody finds there."
    for address in _HREF.findall(mail.html):
        if address.replace("&amp;", "&") not in mail.text and address.rstrip("/") != settings.BASE_URL.rstrip("/"):
            yield f"The address {address} would not be in the plain text. Write the link as “[words](address)”."


# --- HTML of its own ------------------------------------------------------------------------------
def _own_html(kind: MessageKind, words: sandbox.Pair, faults: Faults) -> None:
    hostile = {v.name: own_html.HOSTILE for v in kind.variables if isinstance(v.example, str) and not v.is_link}
    for values in combinations(kind):
        written = own_html.rendered(words.html, values, None)
        typed = own_html.rendered(words.html, values | hostile, None)
        mail = fill(words, values)
        for fault in (*own_html.faults(written), *own_html.faults(typed), *link_faults(mail)):
            faults.add(HTML, fault)
        links = {value for value in values.values() if isinstance(value, Url)}
        for address in sorted(set(_ADDRESS.findall(mail.text)) - links - own_html.addresses(written)):
            faults.add(HTML, f"The text leads to {address}, and the HTML does not. Both must lead to the same pages.")
        for name, here, there in _said_once(kind, words, values):
            faults.add(HTML, f"The {here} says “{name}” and the {there} does not, at least for some people.")


def _said_once(kind: MessageKind, words: sandbox.Pair, values: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What only one of the two parts says, found by marks in the place of all values."""
    marks = {v.name: f"mark{n}mark" for n, v in enumerate(kind.variables) if not isinstance(v.example, bool)}
    marked = {v.name: _marked(v, marks[v.name]) for v in kind.variables if v.name in marks}
    text = fill(words, values | marked).text.casefold()
    html = own_html.rendered(words.html, values | marked, None).casefold()
    for name, mark in marks.items():
        if (mark in text) != (mark in html):
            yield (name, "text", "HTML") if mark in text else (name, "HTML", "text")


def _marked(variable: Variable, mark: str) -> object:
    if variable.is_link:
        return Url(f"https://{mark}.example/")
    return [mark] if isinstance(variable.example, list) else mark

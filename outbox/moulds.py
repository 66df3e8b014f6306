"""Texts that are worked out once, for messages in the same words differ in names, times and links alone.

What an “if” chooses, and Markdown as HTML and as plain text, is most of the work of a message. It is done with marks
where plain values belong and kept as a mould: a message is then the mould's pieces with its own values between them,
each escaped for where it goes.

That must give what working it out anew gives, to the letter. So a mark stands only for what can't change anything
around it: text of harmless characters, or a web address; by a name on which nothing else hangs (`Pair.free`); in
running text, or, for an address, as where a link leads. All other values are part of what a mould is known by, or the
message is worked out by itself. A property test compares both.
"""

import re
import secrets
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from markdown_it.common.utils import escapeHtml

from outbox import markup
from outbox.markup import Markdown, Url
from outbox.sandbox import Pair

# What every text can name.
SITE = ("service_name", "base_url")
REFUSE = "[Choose not to get mail like this]({})"
# A mark's two forms: a word, for text, and an address. Nobody can write one by chance or by guessing.
_RUN = secrets.token_hex(8)
_WORD, _SITE = f"w{_RUN}n{{}}e", f"https://s{_RUN}n{{}}e.invalid/"
_MARK = re.compile(f"w{_RUN}n([0-9]+)e|https://s{_RUN}n([0-9]+)e\\.invalid/")
_LEADS = re.compile(f'href="https://s{_RUN}')
_TAG = re.compile("<[^>]*>")
# Text, escaped as `markup.safe` does, that means nothing in Markdown and begins and ends with a letter or a digit; and
# how it may end beyond that, which belongs to the mould.
_TEXT = re.compile(
    r"(?=[^\W_])(?P<own>(?:[^\W_]|[ ,.;:'’‘“”–—/@%\"…]|\\[-+!()])*[^\W_])(?P<end>(?:[.?…’”]|\\[)!]){0,3})"
)
_COUNTS = re.compile(r"\d+(?:\.|$)")  # “2.” begins a list
_ADDRESS = re.compile(r"https?://[a-z0-9.-]{1,63}(?::[0-9]+)?/[A-Za-z0-9/._~:=?+-]*")
# Where what stands before or after a mark might make something else of it.
_ODD = re.compile(rf"`|\]:|&[#\w]*w{_RUN}|\]\([^)\n]*w{_RUN}")


class Texts(NamedTuple):
    """A message before it becomes an e-mail: its subject as it came out, and its text as plain text and as HTML."""

    subject: str
    plain: str
    html: str


class _Mould(NamedTuple):
    """The pieces of each text; every second one is the number of the value that stands there."""

    subject: Sequence[Any]
    plain: Sequence[Any]
    html: Sequence[Any]


def texts(words: Pair, values: dict[str, Any], refuse: Url | None = None) -> Texts:
    """What the words say with these values, which are safe; `refuse` leads to where mail like it can be refused."""
    known_by, own = _sorted(words, values)
    leave = refuse is not None and bool(_ADDRESS.fullmatch(refuse))
    if known_by is None or (refuse is not None and not leave):
        return worked_out(words, values, refuse)[1]
    mould = _mould(words, known_by, leave)
    if mould is None:
        return worked_out(words, values, refuse)[1]
    if leave:
        own.append(str(refuse))
    said = [markup.unescaped(value) for value in own]
    return Texts(_cast(mould.subject, said), _cast(mould.plain, said), _cast(mould.html, [*map(escapeHtml, said)]))


def worked_out(words: Pair, values: dict[str, Any], refuse: Url | None = None) -> tuple[str, Texts]:
    """The same without a mould, and the Markdown of which it came."""
    subject, body = words.fill(values)
    if refuse:
        body = f"{body.rstrip()}\n\n{REFUSE.format(refuse)}"
    return body, Texts(markup.unescaped(subject), markup.plain(body), markup.html(body))


_Key = tuple[tuple[str, Any, Any], ...]
_ABSENT = object()


def _sorted(words: Pair, values: dict[str, Any]) -> tuple[_Key | None, list[str]]:
    """What a mould is known by, and the values that are a message's own; None where there can't be a mould."""
    known_by, own = [], []
    for name in words.roots:
        value = values.get(name, _ABSENT)
        if name in words.free and (form := _form(value)):
            known_by.append((name, form[0], None))
            own.append(form[1])
        elif _is_shared(name, value):
            known_by.append((name, type(value), () if isinstance(value, list) else value))
        else:
            return None, []
    return tuple(known_by), own


def _form(value: Any) -> tuple[str, str] | None:
    """Which mark can stand for a value, and what of the value it stands for."""
    if type(value) is Url:
        return (_SITE, value) if _ADDRESS.fullmatch(value) else None
    if type(value) is not str or _COUNTS.match(value) or not (found := _TEXT.fullmatch(value)):
        return None
    return _WORD + found["end"], found["own"]


def _is_shared(name: str, value: Any) -> bool:
    """Whether many messages are likely to have the same value; never what somebody typed in one line, nor a code."""
    if isinstance(value, str | list):
        return not value or isinstance(value, Markdown) or name in SITE
    return value is None or value is _ABSENT or isinstance(value, bool | int)


@lru_cache(maxsize=256)
def _mould(words: Pair, known_by: _Key, leave: bool) -> _Mould | None:
    """The mould; None where a mark stands in an odd place."""
    values, marks = {}, 0
    for name, form, value in known_by:
        if isinstance(form, str):
            values[name] = form.format(marks)
            marks += 1
        elif value is not _ABSENT:
            values[name] = value
    body, made = worked_out(words, values, Url(_SITE.format(marks)) if leave else None)
    return _Mould(*map(_pieces, made)) if _stands_well(body, made.html) else None


def _stands_well(markdown: str, html: str) -> bool:
    """Whether each mark of the text is in the HTML too, a word in running text, an address where a link leads."""
    if _ODD.search(markdown) or "<code" in html:
        return False
    running = [mark[0] for mark in _MARK.finditer(_TAG.sub("", html))]
    leads = len(_LEADS.findall(html))
    everywhere = sorted(mark[0] for mark in _MARK.finditer(html))
    return (
        everywhere == sorted(mark[0] for mark in _MARK.finditer(markdown))
        and len(running) + leads == len(everywhere)
        and not any(mark.startswith("https:") for mark in running)
    )


def _pieces(text: str) -> tuple[Any, ...]:
    pieces, begin = [], 0
    for mark in _MARK.finditer(text):
        pieces += [text[begin : mark.start()], int(mark[1] or mark[2])]
        begin = mark.end()
    return (*pieces, text[begin:])


def _cast(pieces: Sequence[Any], values: Sequence[str]) -> str:
    return "".join([values[piece] if type(piece) is int else piece for piece in pieces])

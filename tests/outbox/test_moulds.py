"""What is worked out once and filled gives the same texts, to the letter, as what is worked out for each message."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from outbox import kinds, markup, moulds, sandbox
from outbox.markup import Markdown, Url, safe
from outbox.rendering import fill, shipped
from outbox.wording_check import sample

ODD = "Aé1 .-_*[]()!&;:`#\n<>\"'\\@%/"
TYPED = st.one_of(
    st.sampled_from(
        [
            "",
            "Ada",
            "copy",
            "x",
            "a) b",
            "Anne-Marie O’Neil",
            "2",
            "2.",
            "1. x",
            "9am (UK time).",
            "Q & A",
            "50% “off”",
            "&copy;",
        ]
    ),
    st.text(alphabet=ODD, max_size=12),
    st.text(max_size=8),
)
ADDRESS = st.text(alphabet="aB3_-:/.~=?+&%()", max_size=16).map(lambda path: Url(f"https://x.example/{path}"))
REFUSE = st.none() | ADDRESS
# Scraps of what staff may write, well and badly.
SCRAPS = [
    "{{ a }}", "{{ b }}", "{{ a }}{{ b }}", "[{{ a }}]({{ u }})", "[go]({{ u }}/x?y={{ a }})", "[x](y {{ a }})",
    "{{ u }}", "<{{ u }}>", "[x]: {{ u }}\n", "[{{ a }}]", "**{{ a }}**", "*{{ a }}_b_*", "_", "*", "`{{ a }}`",
    "~~~\n", "    ", "&{{ a }};", "\\", "\\[", "1. ", "1{{ b }}. ", "# ", "> ", "- ", "\n", "\n\n", "\n---\n", " ",
    "word", "](", ")", "!",
    "{% if a %}{{ a }}{% else %}none{% endif %}", "{% if a == b %}same{% endif %}", "{% if not a or b %}x{% endif %}",
    "{{ a|capfirst }}", "{{ b|default:a }}", "{{ a.upper }}", "{% for a in l %}{{ a }}, {% empty %}{{ a }}{% endfor %}",
    "{{ n }}", "{{ m }}", "{% if m %}[{{ b }}]({{ u }}){% endif %}", "{{ base_url }}/more/", "{{ absent }}",
]  # fmt: skip


PLAIN: dict[str, Any] = {"address": Url("https://x.example/a/"), "others": (0, "", []), "refuse": None}


def same(words: sandbox.Pair, values: dict[str, Any], refuse: Url | None) -> None:
    values = {name: safe(value) for name, value in values.items()}
    assert moulds.texts(words, values, refuse) == moulds.worked_out(words, values, refuse)[1]


@settings(max_examples=100)
@given(data=st.data(), kind=st.sampled_from(kinds.every()), refuse=REFUSE)
def test_every_shipped_text_with_whatever_was_typed(data: st.DataObject, kind: kinds.MessageKind, refuse: Url) -> None:
    values = sample(kind)
    for name, value in values.items():
        if isinstance(value, bool):
            values[name] = data.draw(st.booleans())
        elif isinstance(value, Url):
            values[name] = data.draw(ADDRESS)
        elif isinstance(value, str):
            values[name] = data.draw(TYPED)
    same(sandbox.pair(*shipped(kind.template)), values, refuse)


@settings(max_examples=200)
@given(
    scraps=st.lists(st.sampled_from(SCRAPS), max_size=8),
    typed=st.tuples(TYPED, TYPED),
    address=ADDRESS,
    others=st.tuples(st.integers(0, 2), st.sampled_from(["", "*x*"]), st.lists(TYPED, max_size=1)),
    refuse=REFUSE,
)
@example(scraps=["&{{ a }};"], typed=("copy", "x"), **PLAIN)
@example(scraps=["[x](y {{ a }})"], typed=("a) b", "x"), **PLAIN)
@example(scraps=["[x]: {{ u }}\n\n", "[{{ a }}]"], typed=("x", "x"), **PLAIN)
def test_whatever_staff_may_write(scraps: list[str], typed: tuple, address: Url, others: tuple, refuse: Url) -> None:
    (a, b), (n, m, names) = typed, others
    values = {"a": a, "b": b, "u": address, "n": n, "m": Markdown(m), "l": names, "base_url": Url("http://x.example")}
    same(sandbox.pair("{{ a }} {{ n }}", "".join(scraps)), values, refuse)


def test_the_second_message_of_a_kind_is_not_worked_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = kinds.get("circles.session_reply")
    words = sandbox.pair(*shipped(kind.template))
    first = fill(words, sample(kind, first_name="Ada"), Url("https://x.example/u/a_b-c/"))
    monkeypatch.setattr(markup, "html", None)
    second = fill(words, sample(kind, first_name="Zoë-May O’Neil"), Url("https://x.example/u/d_e-f/"))
    for part, other in ((first.text, second.text), (first.html, second.html)):
        assert part.replace("Ada", "Zoë-May O’Neil").replace("a_b-c", "d_e-f") == other


def test_a_code_is_in_no_mould() -> None:
    kind = kinds.get("account.login_code")
    before = moulds._mould.cache_info().currsize
    fill(sandbox.pair(*shipped(kind.template)), sample(kind, code="482913"))
    assert moulds._mould.cache_info().currsize == before

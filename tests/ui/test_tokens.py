"""Contrast of every pair of colours that the style sheets put together, in both schemes (WCAG 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TONES = ("neutral", "good", "attention", "problem", "info")
TEXT = [
    *[(text, ground) for text in ("ink", "ink-soft", "link", "link-hover") for ground in ("paper", "surface", "sunk")],
    *[(f"{tone}-ink", f"{tone}-bg") for tone in TONES],
    ("problem-ink", "paper"),
    ("problem-ink", "surface"),
    ("problem-ink", "sunk"),
    ("on-action", "action"),
    ("on-action", "action-hover"),
    ("action", "surface"),
    ("action", "brand-tint"),
    ("ink", "brand-tint"),
    ("ink-soft", "brand-tint"),
    ("ink", "accent-tint"),
    ("on-brand", "brand"),
    ("accent", "brand"),
]
EDGES = [
    *[(mark, ground) for mark in ("focus", "line-strong", "action") for ground in ("paper", "surface", "sunk")],
    *[(f"{tone}-mark", f"{tone}-bg") for tone in TONES],
    *[(f"series-{number}", ground) for number in (1, 2, 3) for ground in ("paper", "surface")],
    ("problem-mark", "paper"),
    ("problem-mark", "surface"),
    ("info-mark", "neutral-bg"),
]


def scheme(name: str) -> dict[str, str]:
    sheet = Path(settings.BASE_DIR, "assets/styles/_tokens.scss").read_text()
    block = re.search(rf"@mixin {name} {{(.*?)\n}}", sheet, re.DOTALL)[1]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_agrees_with_known_values():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (EDGES, 3.0)], ids=["text", "edges"])
def test_every_pair_has_contrast_enough(name, pairs, least):
    colours = scheme(name)
    weak = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < least} == {}


def test_both_schemes_name_the_same_colours():
    assert scheme("light").keys() == scheme("dark").keys()

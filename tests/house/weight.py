"""What the first visit of a page brings over the line: the page, its style sheets, scripts, pictures and fonts."""

import gzip
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

MOST = 150 * 1000
ASSET = re.compile(r'<(?:link|script|img)[^>]*?(?:href|src)="/static/([^"?]+)"[^>]*>')
NOT_FETCHED = ("apple-touch-icon", 'rel="canonical"')
FONTS = Path(settings.BASE_DIR, "static", "build", "fonts")
# The style sheet asks for a font when the page has something to write in it.
NEEDED = {
    "atkinson-hyperlegible-next-latin-wght-normal": re.compile(r"."),
    "fraunces-latin-wght-normal": re.compile(r"<h1"),
    "atkinson-hyperlegible-next-latin-wght-italic": re.compile(r"<(em|i|cite|address)\b"),
    "atkinson-hyperlegible-next-latin-ext-wght-normal": re.compile("[\u0100-\u0130\u0132-\u0151\u0154-\u02ba]"),
}


@cache
def compressed(path: str) -> int:
    """The size of a static file on the line; fonts and pictures of pixels are compressed already."""
    found = finders.find(path)
    assert found, f"There is no static file {path}."
    content = Path(found).read_bytes()
    return len(content) if path.endswith((".woff2", ".png", ".ico")) else len(gzip.compress(content, 6))


def weight_of(html: str) -> int:
    """In bytes."""
    assets = {match[1] for match in ASSET.finditer(html) if not any(word in match[0] for word in NOT_FETCHED)}
    fonts = {f"build/fonts/{name}.woff2" for name, letters in NEEDED.items() if letters.search(html)}
    return len(gzip.compress(html.encode(), 6)) + sum(map(compressed, assets | fonts))

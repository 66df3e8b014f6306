"""Which pages are built alike, so that each shape is put under axe once in a run and not once for each role.

Two pages have one shape if they have the same elements in the same order with the same attributes, and text in the
same places. What axe looks at beside that – which words they are, where a link leads – changes none of its rules; that
two ids are the same, or that a label points at nothing, is in the shape.
"""

import hashlib
from html.parser import HTMLParser
from pathlib import Path

# Their value says which row it is; that there is one counts, and that it is not blank.
VALUES = {"action", "alt", "aria-label", "content", "d", "datetime", "name", "placeholder", "src", "title", "value"}
REFERENCES = {"aria-controls", "aria-describedby", "aria-labelledby", "for", "form", "headers", "list"}


class _Shape(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._ids: dict[str, int] = {}

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        kept = sorted(f"{name}={self._kept(name, value or '')}" for name, value in attributes)
        self.parts.append(f"<{tag} {' '.join(kept)}>")

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if data.strip() and self.parts[-1:] != ["words"]:
            self.parts.append("words")

    def _kept(self, name: str, value: str) -> str:
        if name == "id" or name in REFERENCES:
            return ",".join(str(self._ids.setdefault(one, len(self._ids))) for one in value.split())
        if name == "href" and value.startswith("#"):
            return f"#{self._ids.setdefault(value[1:], len(self._ids))}"
        if name in VALUES or name == "href" or name.startswith("data-"):
            return "something" if value.strip() else ""
        return value


def shape_of(html: str) -> str:
    """The same for two pages that are built alike."""
    shape = _Shape()
    shape.feed(html)
    return hashlib.sha256("\n".join(shape.parts).encode()).hexdigest()


class Seen:
    """The shapes that were looked at in this run, by whichever of its processes: each is a file in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def first(self, html: str, how: str = "light") -> bool:
        """Whether nobody has looked at such a page, in this way, before now."""
        try:
            (self.folder / f"{how}-{shape_of(html)}").touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

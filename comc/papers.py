"""The papers of data protection that go with every release: they are there, somebody's, and not old."""

import datetime as dt
import re
import sys
from pathlib import Path

from comc.embedded import CHECKOUT

FOLDER = Path(CHECKOUT) / "docs" / "data-protection"
PAPERS = ("assessment", "policy", "processors")
AT_MOST = dt.timedelta(days=366)
FRONT = re.compile(r"---\n(.*?)\n---\n", re.DOTALL)


def faults(today: dt.date, folder: Path = FOLDER) -> list[str]:
    """What is wrong with them on a day, in words."""
    return [fault for name in PAPERS for fault in _faults(folder / f"{name}.md", today)]


def _faults(path: Path, today: dt.date) -> list[str]:
    front = FRONT.match(path.read_text("utf-8")) if path.exists() else None
    if front is None:
        return [f"{path.name} is missing, or does not say whose it is."]
    said = dict(line.split(": ", 1) for line in front[1].splitlines() if ": " in line)
    if not said.get("owner"):
        return [f"{path.name} is nobody’s."]
    try:
        reviewed, review_by = (dt.date.fromisoformat(said.get(name, "")) for name in ("reviewed", "review_by"))
    except ValueError:
        return [f"{path.name} does not say when it was reviewed and when it will be."]
    if review_by - reviewed > AT_MOST:
        return [f"{path.name} is to be reviewed within a year."]
    return [f"{path.name} was to be reviewed by {review_by}."] if today > review_by else []


if __name__ == "__main__":
    found = faults(dt.datetime.now(tz=dt.UTC).date())
    sys.stderr.writelines(f"{fault}\n" for fault in found)
    sys.exit(1 if found else 0)

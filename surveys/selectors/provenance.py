"""What released figures were made of, so that they can be made again: kept with them, whatever they are about."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from accounts import clock

CODE = ["statistics/*.py", "disclosure/*.py", "scoring.py", *(f"selectors/{name}.py" for name in (
    "groups", "impact", "outcomes", "told", "flow", "answered", "together", "reach", "provenance"))]  # fmt: skip
LIBRARIES = ["numpy", "scipy", "statsmodels"]
EXCLUDED = [
    "First surveys handed in after the first session.",
    "Answers of people who did not agree to their use, or withdrew their agreement or from the programme.",
    "“Prefer not to say”, and scales with too few answers for a score.",
]


def provenance(excluded: list[str] = EXCLUDED) -> dict[str, object]:
    """Up to when answers were read, by which code, without which of them, and that nothing is drawn at random.

    The version of each scale stands beside its figures.
    """
    return {
        "cut_off": clock.now().isoformat(timespec="seconds"),
        "code": code_version(),
        "excluded": excluded,
        "seed": None,
    }


@cache
def code_version() -> str:
    """A hash of the code that works figures out: the same code and the same answers give the same figures."""
    root, found = Path(__file__).resolve().parent.parent, hashlib.sha256()
    for pattern in CODE:
        for path in sorted(root.glob(pattern)):
            found.update(path.read_bytes())
    for library in LIBRARIES:
        found.update(f"{library} {version(library)}".encode())
    return found.hexdigest()[:12]

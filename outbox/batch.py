"""What many messages need alike is read once for all that are sent in one go."""

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

_kept: ContextVar[dict[str, Any] | None] = ContextVar("kept", default=None)


@contextlib.contextmanager
def begun() -> Iterator[None]:
    """Within this block `once` reads each thing a single time. Keep the block short: what is kept grows old."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def once(name: str, read: Callable[[], Any]) -> Any:
    """What `read` returns; outside of a batch it is asked each time."""
    kept = _kept.get()
    if kept is None:
        return read()
    if name not in kept:
        kept[name] = read()
    return kept[name]

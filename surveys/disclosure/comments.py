"""People's own words: only of enough people, in an order that tells nothing, and never beside who they are."""

import hashlib
from collections.abc import Mapping

from surveys.disclosure.audience import Audience
from surveys.disclosure.figures import Suppressed

COMMENTS_FROM = 10  # people who answered; fewer know each other's voices


def comments_may_be_read(n: int, audience: Audience) -> bool:
    """Whether so many people answered that anybody may read their words."""
    return n >= max(COMMENTS_FROM, audience.k)


def release_comments(words: Mapping[str, str | None], audience: Audience) -> tuple[str, ...] | Suppressed:
    """Words with the names taken out, by random key of their answer; None for one that is left out.

    The order is that of a hash: the same in every run, whoever wrote first. All are withheld where fewer than ten
    answered or none may be shown.
    """
    if not comments_may_be_read(len(words), audience):
        return Suppressed()
    order = sorted(words, key=lambda key: hashlib.sha256(f"comment {key}".encode()).hexdigest())
    shown = tuple(text for key in order if (text := words[key]))
    return shown or Suppressed()

"""Proofs beside the search, in a process of their own: the shortest waiting list, the optimum, lower bounds.

The search and the proofs do not wait for each other. The process is given the problem, says what it finds line by line,
and ends by itself when its time is up or nobody listens any more. A run that has to be repeatable asks for the same
proofs in its own process instead, with limits that do not look at a clock (`at_once`).
"""

import contextlib
import json
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from circles.formation import columns, exact
from circles.formation.budget import Budget
from circles.formation.improve import Search
from circles.formation.meetings import Meetings
from circles.formation.numbers import NOBODY, Ints, Numbers
from circles.formation.problem import Problem
from circles.formation.reopening import Reopening
from circles.formation.seating import Seating
from circles.formation.shortlist import Shortlist

# A shorter run has no time for a process of its own.
LEAST_SECONDS = 3.0
# Deterministic work of the solver for each round of a repeatable run.
WORK_PER_ROUND = 0.002
# Of the time there is: for a first seating (with a limit in seconds) and for the shortest waiting list.
FIRST_SMALL = 0.7
FIRST_SHARE, MOST_FIRST, WAITING_SHARE = 0.12, 2.5, 0.85
# Of the time there is: for meetings to begin with, and for a shorter waiting list before the shortest is asked for.
MEETINGS_SHARE, SHORTER_SHARE = 0.015, 0.22


@dataclass(frozen=True)
class Finding:
    """Something proven: how few wait at least, a lower bound on the cost; or a seating worth a look (`where`)."""

    fewest: int = 0
    bound: float | None = None
    where: list[int] | None = None


def findings(numbers: Numbers, seed: int, ends: float) -> Iterator[Finding]:
    """What can be proven until the moment `ends` (of the monotonic clock), the most useful first."""
    begin = time.monotonic()
    shortlist = Shortlist(numbers)
    fewest = shortlist.floor()
    yield Finding(fewest)
    small = len(shortlist.seats) <= exact.MOST_SEATS_AT_ONCE
    shorter = None if small else _shorter(shortlist, seed, fewest, begin, ends)
    first = time.monotonic() + min(FIRST_SHARE * (ends - begin), FIRST_SMALL if small else MOST_FIRST)
    best, known = _first_seating(numbers, seed, fewest, first)
    if shorter is not None and (shorter == NOBODY).sum() < (best == NOBODY).sum():
        best = shorter
    if int((best == NOBODY).sum()) > fewest:
        limit = WAITING_SHARE * (ends - time.monotonic())
        floor = fewest
        best, fewest = shortlist.prove(best, seed, seconds=limit, tell=lambda where: _tell(floor, where))
        fewest = max(fewest, floor)
        yield Finding(fewest, where=best.tolist())
    if small:
        yield from _optimum(shortlist, best, fewest, seed, ends)
        return
    for bound in columns.bounds(shortlist, iter(known), fewest, seed, lambda: time.monotonic() > ends):
        yield Finding(fewest, bound)


def _tell(fewest: int, where: Ints) -> None:
    say(Finding(fewest, where=where.tolist()))


def _shorter(shortlist: Shortlist, seed: int, fewest: int, begin: float, ends: float) -> Ints | None:
    """A seating with a short waiting list; None where the search finds one that short by itself."""
    budget = Budget(seconds=max(0.1, ends - time.monotonic()))
    meetings = Meetings(shortlist.numbers, budget, seed)
    meetings.anneal(MEETINGS_SHARE, fewest)
    seating = Seating(shortlist.numbers)
    seating.take_over(meetings.seating())
    search = Search(seating, budget, seed)
    search.settle()
    if int((search.best == NOBODY).sum()) <= fewest:
        return None
    until = begin + SHORTER_SHARE * (ends - begin)
    reopening = Reopening(shortlist, search.best, seed)
    return reopening.shorten(fewest, lambda: until - time.monotonic(), lambda where: _tell(fewest, where))


def _optimum(shortlist: Shortlist, start: Ints, fewest: int, seed: int, ends: float) -> Iterator[Finding]:
    outcome = exact.whole_cohort(
        shortlist, start, fewest, seed, seconds=ends - time.monotonic(), tell=lambda bound: say(Finding(fewest, bound))
    )
    yield Finding(fewest, outcome.bound, outcome.where.tolist())


def _first_seating(numbers: Numbers, seed: int, fewest: int, until: float) -> tuple[Ints, dict[columns.Circle, None]]:
    """A good seating, found quickly, and the circles that were met on the way."""
    seating = Seating(numbers)
    known: dict[columns.Circle, None] = {}
    seconds = max(0.1, until - time.monotonic())
    budget = Budget(seconds=seconds)
    best = Search(seating, budget, seed)
    for start in range(3):
        meetings = Meetings(numbers, budget, seed + start)
        meetings.anneal((start + 0.6) / 3, fewest)
        seating.take_over(meetings.seating())
        search = Search(seating, budget, seed + start, note=_noting(known))
        search.settle()
        search.run((start + 1) / 3)
        if search.best_cost < best.best_cost:
            best = search
    return best.best, known


def _noting(known: dict[columns.Circle, None]) -> Callable[[Seating], None]:
    def note(seating: Seating) -> None:
        for j in np.flatnonzero((seating.size > 0) & ~seating.short()):
            known[(int(j), tuple(sorted(seating.members(int(j)).tolist())))] = None

    return note


def at_once(numbers: Numbers, start: Ints, rounds: int, seed: int) -> Finding:
    """The same for a repeatable run: what so much work proves, the same every time."""
    shortlist = Shortlist(numbers)
    fewest, where, work = shortlist.floor(), start, WORK_PER_ROUND * rounds
    if int((start == NOBODY).sum()) > fewest:
        where, proven = shortlist.prove(start, seed, work=work)
        fewest = max(fewest, proven)
    if len(shortlist.seats) > exact.MOST_SEATS_AT_ONCE:
        return Finding(fewest, where=where.tolist())
    outcome = exact.whole_cohort(shortlist, where, fewest, seed, work=work)
    return Finding(fewest, outcome.bound, outcome.where.tolist())


# --- the side of the search -------------------------------------------------------------------
class Prover:
    """Listens to a process that proves. `take` gives what has come since it was last asked."""

    def __init__(self, problem: Problem, seed: int, seconds: float) -> None:
        root = Path(__file__).resolve().parents[2]
        self._come: list[Finding] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "circles.formation.prover"],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        question = pickle.dumps((problem, seed, seconds))
        self._listener = threading.Thread(target=self._talk, args=(question,), daemon=True)
        self._listener.start()

    def _talk(self, question: bytes) -> None:
        asks, answers = self._process.stdin, self._process.stdout
        if asks is None or answers is None:
            return
        with contextlib.suppress(OSError, ValueError):
            asks.write(question)
            asks.close()
            for line in answers:
                self._come.append(Finding(**json.loads(line)))

    def take(self) -> list[Finding]:
        come, self._come = self._come, []
        return come

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        self._listener.join()


# --- the side of the process ------------------------------------------------------------------
def say(finding: Finding) -> None:
    words: dict[str, Any] = {name: value for name, value in vars(finding).items() if value is not None}
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def main() -> None:
    # Written by the search that started this process, and by nobody else.
    problem, seed, seconds = pickle.load(sys.stdin.buffer)  # noqa: S301
    with contextlib.suppress(BrokenPipeError):
        for finding in findings(Numbers(problem), seed, time.monotonic() + seconds):
            say(finding)


if __name__ == "__main__":
    main()

"""How long a run may go on, who may stop it, and whom it tells how far it is."""

import time
from collections.abc import Callable
from dataclasses import dataclass

REPORT_EVERY = 0.5
# Without a limit of either sort a run takes this many seconds.
DEFAULT_SECONDS = 20.0
# Kept back from the time limit for writing the answer and its explanations.
RESERVE = 0.05


@dataclass(frozen=True)
class Status:
    """How far a run is: the best cost so far and what no answer can be below (None while unknown), the seconds since
    the start, and the share of the budget that is used (0 to 1)."""

    cost: float | None
    bound: float | None
    seconds: float
    share: float


Progress = Callable[[Status], None]


class Budget:
    """Either seconds, counted from `started`, or rounds of the search, which make a run repeatable."""

    def __init__(
        self,
        *,
        seconds: float | None = None,
        rounds: int | None = None,
        started: float | None = None,
        progress: Progress | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> None:
        self.started = time.monotonic() if started is None else started
        self.rounds = rounds
        limit = DEFAULT_SECONDS if seconds is None else seconds
        self.limit = limit - min(1.0, RESERVE * limit)
        self.done = 0
        self.bound: float | None = None
        self._progress, self._should_stop = progress, should_stop
        self._reported = -REPORT_EVERY

    @property
    def repeatable(self) -> bool:
        return self.rounds is not None

    def elapsed(self) -> float:
        return time.monotonic() - self.started

    def left(self) -> float:
        """Seconds left; meaningless in a repeatable run."""
        return max(0.0, self.limit - self.elapsed())

    def share(self) -> float:
        """How much of the budget is used, from 0 to 1."""
        if self.rounds is not None:
            return min(1.0, self.done / self.rounds) if self.rounds else 1.0
        return min(1.0, self.elapsed() / self.limit) if self.limit > 0 else 1.0

    def stopped(self) -> bool:
        return self._should_stop is not None and self._should_stop()

    def over(self) -> bool:
        return self.share() >= 1 or self.stopped()

    def report(self, cost: float | None) -> None:
        """Say how far we are, at most twice a second."""
        if self._progress and self.elapsed() - self._reported >= REPORT_EVERY:
            self._reported = self.elapsed()
            self._progress(Status(cost, self.bound, self.elapsed(), self.share()))

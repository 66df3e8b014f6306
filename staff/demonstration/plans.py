"""What the demonstration's cohorts are: which format, when, how many employers and people."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class CohortPlan:
    """One cohort. `launch` is in days from today; `stage` is how far it has come."""

    format: str
    number: int
    name: str
    launch: int
    stage: str  # closed, running, recruiting or upcoming
    employers: tuple[int, ...]
    leads: int
    members: int

    def dates(self, today: dt.date) -> dict[str, dt.date]:
        """All key dates, in order: applications a year ahead, sessions for six months, a ceremony at each end."""
        launch = today + dt.timedelta(days=self.launch)
        spans = {
            "applications": (-345, -180), "confirmation": (-200, -150), "recruitment": (-120, -42),
            "onboarding": (-41, -5), "launch": (0, 4), "sessions": (7, 200), "close": (201, 208),
        }  # fmt: skip
        return {
            f"{key}_{edge}": launch + dt.timedelta(days=days)
            for key, span in spans.items()
            for edge, days in zip(("from", "until"), span, strict=True)
        }


PLANS = [
    CohortPlan("circles", 13, "Cohort 13", -292, "closed", tuple(range(20)), 10, 80),
    CohortPlan("circles", 14, "Cohort 14", -97, "running", tuple(range(4, 24)), 8, 64),
    CohortPlan("reverse", 2, "Reverse mentoring 2", -60, "running", (3, 6, 12), 5, 4),
    CohortPlan("reciprocal", 1, "Reciprocal mentoring 1", -100, "running", (27, 18), 4, 4),
    CohortPlan("circles", 15, "Cohort 15", 76, "recruiting", tuple(range(8, 28)), 9, 71),
    CohortPlan("circles", 16, "Cohort 16", 330, "upcoming", (), 0, 0),
]

# Weekday (Monday is 0) and start of the slots that every cohort offers.
SLOTS = [
    (0, "12:30"),
    (1, "09:30"),
    (1, "12:30"),
    (2, "12:30"),
    (2, "16:00"),
    (3, "12:30"),
    (3, "17:30"),
    (4, "10:00"),
]
CITIES = ["London", "Leeds", "Birmingham", "Manchester"]

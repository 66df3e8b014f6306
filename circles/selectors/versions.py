"""The proposals that a cohort has had: when, who, how good, what has been done to them by hand."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q, QuerySet

from accounts import clock
from circles.models import FormationRun
from circles.selectors.formation import fingerprint_now
from circles.selectors.quality import quality
from cohorts.models import Cohort
from privacy.models import AuditEvent
from ui.dates import uk_time

# What can be done to a proposal by hand, as one says that somebody did it.
HANDS = {
    "formation.moved": "moved somebody",
    "formation.undone": "took a move back",
    "formation.pinned": "held people where they are",
    "formation.unpinned": "let people go",
}
CHANGES = HANDS | {"formation.dropped": "withdrew"}


@dataclass(frozen=True)
class Version:
    """One proposal in the list."""

    run: FormationRun
    placed: int
    waiting: int
    changes: int
    is_newest: bool
    is_stale: bool

    @property
    def seconds(self) -> float:
        """How long the engine took."""
        return float(self.run.progress.get("seconds", 0))

    @property
    def quality(self) -> str:
        """How near it is to the best there can be."""
        return quality(self.run, is_stale=self.is_stale)


def is_stale(run: FormationRun, now: str) -> bool:
    """Whether what circles are formed from has changed since a run; `now` is its hash today."""
    return bool(run.input_hash) and run.input_hash != now


def proposals(cohort: Cohort) -> QuerySet[FormationRun]:
    """The finished proposals of a cohort, the newest first."""
    runs = cohort.formation_runs.filter(state__in=[FormationRun.State.DONE, FormationRun.State.PUBLISHED])
    return runs.select_related("requested_by", "copied_from")


def versions(cohort: Cohort) -> list[Version]:
    """Every proposal of a cohort, the newest first, in a number of queries that does not grow with them."""
    seated = Q(seats__circle__isnull=False)
    runs = proposals(cohort).annotate(
        placed=Count("seats", filter=seated), waiting=Count("seats", filter=~seated & Q(seats__isnull=False))
    )
    rows, now = list(runs.order_by("-created_at")), fingerprint_now(cohort)
    changes = _changes(rows)
    return [
        Version(run, run.placed, run.waiting, changes.get(run.pk, 0), position == 0, is_stale(run, now))
        for position, run in enumerate(rows)
    ]


def _changes(runs: list[FormationRun]) -> dict[object, int]:
    """How often each has been changed by hand."""
    events = _events(HANDS).filter(object_id__in=[run.pk for run in runs]).order_by()
    return dict(events.values_list("object_id").annotate(times=Count("pk")))


def _events(verbs: dict[str, str]) -> QuerySet[AuditEvent]:
    about = ContentType.objects.get_for_model(FormationRun)
    return AuditEvent.objects.filter(content_type=about, verb__in=list(verbs))


def last_change(run: FormationRun) -> str:
    """“Maya Manager moved somebody at 2:05pm.”, from the audit trail."""
    event = _events(CHANGES).filter(object_id=run.pk).select_related("actor").first()
    if event is None:
        return "Somebody else changed the proposal in the meantime."
    who = event.actor.get_full_name() if event.actor else "Somebody"
    at = clock.local(event.at)
    day = "" if at.date() == clock.today() else f" on {at.day} {at:%B}"
    return f"{who} {CHANGES[event.verb]} at {uk_time(at)}{day}."

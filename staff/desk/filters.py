"""What the list of tasks is narrowed by: from the start, to what one has to do oneself."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts import clock
from organisations.selectors import answering_staff

MINE, ANYBODY, NOBODY = "mine", "anybody", "nobody"
OPEN, DONE, ALL = "open", "done", "all"
LATE, NOW, WEEK = "late", "now", "week"


class ChosenFilter(admin.SimpleListFilter):
    """One that something is chosen in from the start: the first of its choices."""

    def value(self) -> str:
        keys = [key for key, _ in self.lookup_choices]
        chosen = super().value()
        return chosen if chosen in keys else keys[0]

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        for key, words in self.lookup_choices:
            link = changelist.get_query_string({self.parameter_name: key})
            yield {"selected": self.value() == key, "query_string": link, "display": words}


class OwnerFilter(ChosenFilter):
    """Mine are those of whom one covers, too."""

    title = "who does it"
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        others = [(str(one.pk), one.get_full_name()) for one in answering_staff() if one.pk != request.user.pk]
        return [(MINE, "Me, and whom I cover"), (ANYBODY, "Anybody"), *others, (NOBODY, "Nobody")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value()
        if chosen == MINE:
            return queryset.owned_by(request.user)
        if chosen == ANYBODY:
            return queryset
        return queryset.filter(owner=None if chosen == NOBODY else chosen)


class StateFilter(ChosenFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(OPEN, "To be done"), (DONE, "Done"), (ALL, "All")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value()
        return queryset if chosen == ALL else queryset.filter(done_at__isnull=chosen == OPEN)


class DueFilter(admin.SimpleListFilter):
    title = "day"
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(LATE, "Before today"), (NOW, "Today or before"), (WEEK, "In the next seven days")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        today = clock.today()
        spans = {
            LATE: {"due_on__lt": today},
            NOW: {"due_on__lte": today},
            WEEK: {"due_on__gte": today, "due_on__lte": today + dt.timedelta(days=7)},
        }
        return queryset.filter(**spans.get(self.value() or "", {}))

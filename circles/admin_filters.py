"""What lists of circles and sessions are narrowed by."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts import clock

SOON = dt.timedelta(days=14)


class WhenFilter(admin.SimpleListFilter):
    """What is next, and what nobody has written down since."""

    title = "when"
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("soon", "In the next 14 days"),
            ("coming", "To come"),
            ("over", "Over"),
            ("unrecorded", "Over, and nobody said who came"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        now = clock.now()
        past = queryset.filter(starts_at__lte=now)
        found = {
            "soon": queryset.planned().filter(starts_at__gt=now, starts_at__lte=now + SOON),
            "coming": queryset.planned().filter(starts_at__gt=now),
            "over": past,
            "unrecorded": past.planned().exclude(attendances__attended__isnull=False),
        }
        return found.get(self.value() or "", queryset)

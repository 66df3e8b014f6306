"""Workflow pages of the programme team, below the admin's own address and namespace.

Each module of `staff.views` says its own pages in `urlpatterns(site)`; here they are put together.
"""

from django.contrib.admin import AdminSite
from django.urls import URLPattern

from staff.views import (
    announcements,
    changes,
    cloning,
    closing,
    cohort,
    evaluation,
    formation,
    impact,
    interests,
    letters,
    lists,
    moving,
    past_cohorts,
    polls,
    putting_off,
    reminders,
    renewals,
    saved_views,
    session_plans,
    sessions,
    surveys,
    wording,
)


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    """Every page, wrapped so that only staff get in; what each of them may do is the page's own question."""
    return [
        *cohort.urlpatterns(site),
        *formation.urlpatterns(site),
        *evaluation.urlpatterns(site),
        *impact.urlpatterns(site),
        *cloning.urlpatterns(site),
        *closing.urlpatterns(site),
        *interests.urlpatterns(site),
        *changes.urlpatterns(site),
        *wording.urlpatterns(site),
        *announcements.urlpatterns(site),
        *letters.urlpatterns(site),
        *lists.urlpatterns(site),
        *moving.urlpatterns(site),
        *past_cohorts.urlpatterns(site),
        *polls.urlpatterns(site),
        *putting_off.urlpatterns(site),
        *reminders.urlpatterns(site),
        *renewals.urlpatterns(site),
        *saved_views.urlpatterns(site),
        *session_plans.urlpatterns(site),
        *sessions.urlpatterns(site),
        *surveys.urlpatterns(site),
    ]

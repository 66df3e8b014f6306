"""Workflow pages of the programme team, below the admin's own address and namespace.

Each module of `staff.views` says its own pages in `urlpatterns(site)`; here they are put together.
"""

from django.contrib.admin import AdminSite
from django.urls import URLPattern

from staff.views import (
    address,
    announcements,
    asking_again,
    changes,
    cloning,
    closing,
    cohort,
    employer,
    evaluation,
    formation,
    impact,
    interests,
    letters,
    moving,
    people,
    polls,
    putting_off,
    reminders,
    renewals,
    session_plans,
    sessions,
    surveys,
    undoing,
    wording,
)


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    """Every page, wrapped so that only staff get in; what each of them may do is the page's own question."""
    return [
        *address.urlpatterns(site),
        *cohort.urlpatterns(site),
        *formation.urlpatterns(site),
        *evaluation.urlpatterns(site),
        *impact.urlpatterns(site),
        *cloning.urlpatterns(site),
        *closing.urlpatterns(site),
        *employer.urlpatterns(site),
        *interests.urlpatterns(site),
        *changes.urlpatterns(site),
        *wording.urlpatterns(site),
        *announcements.urlpatterns(site),
        *asking_again.urlpatterns(site),
        *letters.urlpatterns(site),
        *moving.urlpatterns(site),
        *people.urlpatterns(site),
        *polls.urlpatterns(site),
        *putting_off.urlpatterns(site),
        *reminders.urlpatterns(site),
        *renewals.urlpatterns(site),
        *session_plans.urlpatterns(site),
        *sessions.urlpatterns(site),
        *surveys.urlpatterns(site),
        *undoing.urlpatterns(site),
    ]

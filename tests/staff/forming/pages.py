"""Addresses and words of the board's pages."""

from typing import Any

from django.urls import reverse

from circles.models import FormationRun, ProposedSeat
from cohorts.models import Cohort


def url(cohort: Cohort, name: str = "board") -> str:
    return reverse(f"admin:formation_{name}", args=[cohort.pk])


def move_url(run: FormationRun, seat: ProposedSeat) -> str:
    return reverse("admin:formation_move", args=[run.pk, seat.enrolment_id])


def text(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode()

"""What came of it: a cohort's released figures, and of them an organisation's own where nobody can be picked out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from organisations.models import Participation
from participants.selectors import role_summaries
from portal.views.coordinator import own_participation, page
from surveys.printed import told
from surveys.selectors import NotCheckedError, evidence, organisation_outcomes, reach_words
from surveys.selectors.evidence import Evidence, outcome_rows
from surveys.selectors.impact import CAVEAT
from surveys.services import evidence_pdf


@require_safe
def impact(request: HttpRequest, pk: object) -> HttpResponse:
    participation = own_participation(request, pk)
    found, checked = _found(participation)
    context = page(
        participation,
        released=found is not None,
        checked=checked,
        caveat=CAVEAT,
        threshold=0,
        reach="",
        rows=[],
        told=[],
    )
    if found is not None:
        figures, own = found
        context |= {"rows": outcome_rows(figures["outcomes"], own), "threshold": figures["threshold"]}
        context |= {"told": told(figures), "reach": reach_words(figures)}
    home, (title, _) = context["breadcrumbs"]
    crumbs = [home, (title, reverse("portal:organisation", args=[participation.pk]))]
    return render(request, "portal/coordinator/impact.html", context | {"breadcrumbs": crumbs})


def _found(participation: Participation) -> tuple[tuple[dict, list[dict]] | None, bool]:
    """What was released, if anything; and whether what was may be shown to organisations."""
    try:
        return organisation_outcomes(participation.cohort, participation.organisation), True
    except NotCheckedError:
        return None, False


@require_safe
def show_evidence(request: HttpRequest, pk: object) -> HttpResponse:
    """One page for the employer's own commitments: places, and of the figures what was released."""
    participation = own_participation(request, pk)
    found = _evidence(participation)
    return render(request, "portal/coordinator/evidence.html", page(participation, found=found, caveat=found.caveat))


@require_safe
def pdf(request: HttpRequest, pk: object) -> HttpResponse:
    found = _evidence(own_participation(request, pk))
    response = HttpResponse(evidence_pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="mentoring-evidence.pdf"'
    return response


def _evidence(participation: Participation) -> Evidence:
    return evidence(participation, role_summaries(participation))

"""What came of it: a cohort's released figures, and of them an organisation's own where nobody can be picked out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from organisations.models import Participation
from portal.views.coordinator import own_participation, page
from surveys.printed import change_words, scale_of, told
from surveys.selectors import NotCheckedError, organisation_outcomes
from surveys.selectors.impact import CAVEAT


@require_safe
def impact(request: HttpRequest, pk: object) -> HttpResponse:
    participation = own_participation(request, pk)
    found, checked = _found(participation)
    context = page(
        participation, released=found is not None, checked=checked, caveat=CAVEAT, threshold=0, rows=[], told=[]
    )
    if found is not None:
        figures, own = found
        context |= {"rows": _rows(figures["outcomes"], own), "threshold": figures["threshold"]}
        context["told"] = told(figures)
    home, (title, _) = context["breadcrumbs"]
    crumbs = [home, (title, reverse("portal:organisation", args=[participation.pk]))]
    return render(request, "portal/coordinator/impact.html", context | {"breadcrumbs": crumbs})


def _found(participation: Participation) -> tuple[tuple[dict, list[dict]] | None, bool]:
    """What was released, if anything; and whether what was may be shown to organisations."""
    try:
        return organisation_outcomes(participation.cohort, participation.organisation), True
    except NotCheckedError:
        return None, False


def _rows(everybody: list[dict], own: list[dict]) -> list[dict[str, object]]:
    """One row an outcome: in the whole cohort, and in the organisation."""
    by_key = {outcome["key"]: outcome for outcome in own}
    return [
        {
            "name": outcome["name"],
            "scale": scale_of(outcome),
            "cohort": change_words(outcome),
            "own": change_words(by_key.get(outcome["key"])),
        }
        for outcome in everybody
    ]

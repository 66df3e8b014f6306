"""What came of it: a cohort's released figures, and of them an organisation's own where nobody can be picked out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from organisations.models import Participation
from portal.views.coordinator import own_participation, page
from surveys.charts import number, signed
from surveys.selectors import NotCheckedError, organisation_outcomes
from surveys.selectors.impact import CAVEAT


@require_safe
def impact(request: HttpRequest, pk: object) -> HttpResponse:
    participation = own_participation(request, pk)
    found, checked = _found(participation)
    context = page(participation, released=found is not None, checked=checked, caveat=CAVEAT, threshold=0, rows=[])
    if found is not None:
        figures, own = found
        context |= {"rows": _rows(figures["outcomes"], own), "threshold": figures["threshold"]}
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
            "scale": f"{outcome['scale'][0]:g} to {outcome['scale'][1]:g}",
            "cohort": _words(outcome),
            "own": _words(by_key.get(outcome["key"])),
        }
        for outcome in everybody
    ]


def _words(outcome: dict | None) -> str:
    if outcome is None or outcome["figures"] is None:
        return "Not shown"
    one = outcome["figures"]
    change = f"{signed(one['mean_diff'])} ({signed(one['ci_low'])} to {signed(one['ci_high'])})"
    return f"{number(one['mean_pre'])} → {number(one['mean_post'])}: {change}, about {one['n_pairs']} people"

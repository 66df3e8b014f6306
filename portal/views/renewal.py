"""An organisation is asked whether it takes part again: its coordinator sees it and answers."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from cohorts.models import Cohort
from organisations.forms import RenewalAnswerForm
from organisations.selectors import RenewalOffer, renewal_offer
from organisations.services import answer_renewal
from portal import coordinating
from portal.views.coordinator import own_participation, page
from privacy import typed


@require_http_methods(["GET", "HEAD", "POST"])
def renewal(request: HttpRequest, pk: object, cohort: object) -> HttpResponse:
    participation = own_participation(request, pk)
    offer = renewal_offer(participation, get_object_or_404(Cohort, pk=cohort))
    if offer is None:
        raise Http404
    posted = request.POST if request.method == "POST" and offer.can_answer else None
    form = typed.put_back(request, RenewalAnswerForm(offer.cohort, posted, initial=_said_before(offer)))
    if form.is_valid() and _answered(request, offer, form):
        return redirect("portal:organisation", participation.pk)
    context = page(participation, form=form, offer=offer, next_cohort=offer.cohort)
    return render(
        request, "portal/coordinator/renewal.html", context | {"timeline": coordinating.timeline(offer.cohort)}
    )


def _said_before(offer: RenewalOffer) -> dict[str, str]:
    if offer.answer is None:
        return {}
    return {"again": "yes" if offer.answer.again else "no", "note": offer.answer.note}


def _answered(request: HttpRequest, offer: RenewalOffer, form: RenewalAnswerForm) -> bool:
    again = form.cleaned_data["again"]
    try:
        answer_renewal(
            participation=offer.participation, cohort=offer.cohort, again=again, places=form.places,
            note=form.cleaned_data["note"], by=request.user,
        )  # fmt: skip
    except ValidationError as error:
        form.add_error(None, error)
        return False
    yes = f"Thank you. Your interest in {offer.cohort} is registered, and we come back to you about places."
    messages.success(request, yes if again else "Thank you for telling us. You can change your mind here.")
    return True

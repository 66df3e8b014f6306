"""Whether somebody of an earlier cohort wants to take part in the next one: opening the link changes nothing."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participants import links, services
from participants.models import AskedAgain
from participants.services.places import is_open


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def asked_again(request: HttpRequest, token: str) -> HttpResponse:
    asked = links.read_again(token)
    if asked is None:
        return render(request, "portal/invitation/again_gone.html", {"contact": settings.MAIL_REPLY_TO}, status=404)
    answer = request.POST.get("answer", "")
    if request.method == "POST" and answer in AskedAgain.Answer.values:
        try:
            services.answer_again(asked=asked, answer=answer)
        except services.RefusedError as refusal:
            messages.error(request, str(refusal))
        return redirect("portal:asked_again", token)
    organisation = asked.enrolment.organisation
    context = {
        "asked": asked,
        "cohort": asked.cohort,
        "organisation": organisation,
        "takes_part": asked.cohort.participations.filter(organisation=organisation, withdrawn_at=None).exists(),
        "open": is_open(asked.cohort),
        "contact": settings.MAIL_REPLY_TO,
    }
    return render(request, "portal/invitation/again.html", context)

"""A person asks to be erased, sees when they will have an answer, and may think better of it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import clock
from privacy import erasure_requests
from privacy.erasure_requests import answer_by
from ui.dates import uk_date


@require_http_methods(["GET", "HEAD", "POST"])
def ask_erasure(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        context = {"asked": request.user.erasures.first(), "answer_by": answer_by(clock.today())}
        return render(request, "portal/account/erasure.html", context)
    if request.POST.get("act") == "ask":
        asked = erasure_requests.ask(user=request.user, by=request.user)
        messages.success(request, f"We have your request. You will have an answer by {uk_date(asked.due_on)}.")
    elif request.POST.get("act") == "take_back":
        erasure_requests.take_back(user=request.user)
        messages.success(request, "Taken back. Everything stays as it is.")
    else:
        raise Http404
    return redirect("portal:ask_erasure")

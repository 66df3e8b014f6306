"""Refusing mail: in one click from a mail program, by its link, or in the account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from outbox import preferences
from outbox.kinds import Category


@csrf_exempt  # RFC 8058: a mail program posts here by itself, without a cookie; the token is what it may do
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A POST refuses the category of mail that the link is of, at once. Opening it only asks: scanners open links."""
    found = preferences.read(token)
    if found is None:
        return render(request, "portal/account/unsubscribe_gone.html", status=404)
    user, category = found
    if request.method == "POST":
        preferences.choose(user=user, category=category, wanted=False, how="link")
    done = preferences.is_refused(user, category)
    return render(request, "portal/account/unsubscribe.html", {"category": category, "done": done})


@require_POST
def mail(request: HttpRequest, category: str) -> HttpResponse:
    """Take or refuse one category of mail: one tap each way."""
    if category not in Category.values:
        raise Http404
    wanted = request.POST.get("wanted") == "yes"
    preferences.choose(user=request.user, category=category, wanted=wanted, how="account page")
    words = "You get these again." if wanted else "You don’t get these any more."
    messages.success(request, f"{Category(category).label}: {words}")
    return redirect("portal:account")

"""What somebody sees when a page can't be shown."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render

from privacy import typed


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """What a form of ours had sent stands on the page, to be sent again: any of the portal, or one with an owner."""
    ours = getattr(request, "csrf_processing_done", False) and (_in_portal(request) or typed.is_theirs(request))
    return render(request, "500.html", _to_send(request, typed.again(request) if ours else []), status=500)


@login_not_required
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open while somebody signed in afresh: its proof is out of date, its answers are not."""
    mine = typed.again(request) if typed.is_theirs(request) else []
    return render(request, "403_csrf.html", _to_send(request, mine), status=403)


def _in_portal(request: HttpRequest) -> bool:
    return request.resolver_match is not None and "portal" in request.resolver_match.namespaces


def _to_send(request: HttpRequest, again: list[tuple[str, str]]) -> dict[str, object]:
    return {"again": again, "path": request.get_full_path(), "csrf": get_token(request) if again else ""}

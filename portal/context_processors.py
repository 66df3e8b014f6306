"""What every page of ours knows: the service's name and where its visitor may go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from portal.places import Place, circles_of, places_of

Link = dict[str, Any]


def _link(request: HttpRequest, label: str, name: str) -> Link:
    url = reverse(name)
    return {"label": label, "url": url, "current": "page" if request.path == url else ""}


def _place(request: HttpRequest, place: Place) -> Link:
    inside = "true" if request.path.startswith(place.url) else ""
    return {"label": place.label, "url": place.url, "current": "page" if request.path == place.url else inside}


def _public_nav(request: HttpRequest) -> list[Link]:
    return [
        _link(request, "The programme", "portal:public_home"),
        _link(request, "Register interest", "portal:interest"),
        _link(request, "For individuals", "portal:individuals"),
        _link(request, "Questions", "portal:questions"),
    ]


def _own_nav(request: HttpRequest) -> list[Link]:
    links = [_link(request, "Home", "portal:home")]
    if request.user.is_staff:
        links.append(_link(request, "Programme team", "admin:index"))
    return links + [_place(request, place) for place in places_of(request.user)]


def _account_nav(request: HttpRequest) -> list[Link]:
    if request.user.is_authenticated:
        return [_link(request, "Your account", "portal:account"), _link(request, "Sign out", "account_logout")]
    return [_link(request, "Sign in", "account_request_login_code")]


def site(request: HttpRequest) -> dict[str, Any]:
    """Navigation by who is looking. Public pages need no query for it, and the team's own pages show another one."""
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    return {
        "service_name": settings.SERVICE_NAME,
        "base_url": settings.BASE_URL,
        "findable": settings.FINDABLE,
        "nav": SimpleLazyObject(lambda: _own_nav(request)) if signed_in else _public_nav(request),
        "own_circles": SimpleLazyObject(lambda: circles_of(request.user)) if signed_in else [],
        "account_nav": _account_nav(request) if hasattr(request, "user") else [],
        "mode_banner": "Demonstration: invented people, and no mail leaves this computer."
        if settings.DEMONSTRATION
        else "",
        "demonstration": settings.ONE_CLICK_SIGN_IN,
    }

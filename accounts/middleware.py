"""What every response and every member of staff must satisfy."""

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

GetResponse = Callable[[HttpRequest], HttpResponse]


class SecondFactorMiddleware:
    """Lets staff into the admin site only with a second factor used in this very session."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.guarded = reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.must_step_up(request):
            target = "mfa_reauthenticate" if is_mfa_enabled(request.user) else "mfa_activate_totp"
            return redirect(f"{reverse(target)}?{urlencode({'next': self.after(request)})}")
        return self.get_response(request)

    def must_step_up(self, request: HttpRequest) -> bool:
        return (
            settings.SECOND_FACTOR_REQUIRED
            and request.path.startswith(self.guarded)
            and request.user.is_authenticated
            and not used_second_factor(request)
        )

    def after(self, request: HttpRequest) -> str:
        """Where to go on to: the page asked for, or the front page when something was being sent to it."""
        return request.get_full_path() if request.method == "GET" else self.guarded


def used_second_factor(request: HttpRequest) -> bool:
    """Whether this session's person has proven a second factor in it."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


class PrivateResponseMiddleware:
    """Keeps pages that a signed-in person saw out of every cache, the browser's back button included."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store, private"
        return response

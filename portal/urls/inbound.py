"""Where the mail service hands over what calendars answer; there is such an address only where one is configured."""

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.urls import urlpatterns as anymail_urls
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST


def webhook(service: str, purpose: str = "inbound") -> URLPattern:
    """The webhook of one mail service, by anymail's name for it: “postmark”. Raises ImproperlyConfigured.

    `purpose` is “inbound”, for mail, or “tracking”, for what came of ours: bounces and complaints.
    """
    name = f"{service}_{purpose}_webhook"
    view = next((page.callback for page in anymail_urls if page.name == name), None)
    if view is None:
        raise ImproperlyConfigured(f"{service!r} is no mail service with a webhook for {purpose} mail.")

    # A mail service's server posts here: it has no session and no cookie to forge a request with, and so no token. The
    # secret that it sends, which anymail checks, stands in its place.
    @csrf_exempt
    @login_not_required
    @require_POST
    def receive(request: HttpRequest) -> HttpResponse:
        """What does not come with the secret is refused without a word."""
        try:
            return view(request)
        except AnymailWebhookValidationFailure:
            return HttpResponseForbidden()

    return path(f"mail/{purpose}/{service}/", receive, name=f"{purpose}_mail")

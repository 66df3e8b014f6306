"""Setting up a second factor, as allauth does it, with one step less."""

from typing import Any

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.http import HttpResponse


class ActivateSecondFactor(ActivateTOTPView):
    """The code that turns the second factor on has proven it as well: nobody is asked for another one at once."""

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        authenticator = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        post_authentication(self.request, authenticator, reauthenticated=True)
        return response


activate_second_factor = ActivateSecondFactor.as_view()

"""One's own e-mail address: another one is asked for with a code that is sent there."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.forms import AddressForm, CodeForm
from circles.services import address_change
from circles.services.address_change import AddressError
from portal.limits import within_limit
from privacy import typed

# So many codes may be asked for in an hour: nobody uses us to fill a stranger's mailbox.
MOST, HOUR = 5, 3600
OFTEN = "You have asked for several codes. Please wait an hour, or tell the programme team."
WRONG = "That is not the code, or it counts no more. You can have another one sent."


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """Looking changes nothing; asking sends a code; the code changes the address."""
    form = typed.put_back(request, AddressForm(request.POST if "ask" in request.POST else None))
    code = typed.put_back(request, CodeForm(request.POST if "confirm" in request.POST else None))
    if _asks(request, form):
        return redirect("portal:address")
    if _confirms(request, code):
        messages.success(request, "We write to your new address from now on. Meetings move to its calendar.")
        return redirect("portal:account")
    context = {"form": form, "code": code, "forms": [form, code], "waiting": address_change.waiting(request.user)}
    return render(request, "portal/account/address.html", context)


def _asks(request: HttpRequest, form: AddressForm) -> bool:
    if not form.is_bound or not form.is_valid():
        return False
    if not within_limit(request, "address", most=MOST, seconds=HOUR):
        form.add_error("address", OFTEN)
        return False
    try:
        address_change.ask(user=request.user, address=form.cleaned_data["address"], by=request.user, discreetly=True)
    except AddressError as refusal:
        form.add_error("address", str(refusal).replace("their", "your"))
        return False
    messages.info(request, "If that address can be yours, a code is on its way there.")
    return True


def _confirms(request: HttpRequest, form: CodeForm) -> bool:
    if not form.is_bound or not form.is_valid():
        return False
    try:
        if address_change.confirm(user=request.user, code=form.cleaned_data["code"], by=request.user):
            return True
    except AddressError:
        pass
    form.add_error("code", WRONG)
    return False

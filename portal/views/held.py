"""What we hold about somebody, for themselves: to be read, and to be taken along."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import clock
from privacy.access import held_about
from privacy.services import record


@require_safe
@never_cache
def held(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/account/held.html", {"parts": held_about(request.user)})


@require_safe
@never_cache
def held_file(request: HttpRequest) -> HttpResponse:
    """The same as a file that programs read. That it was taken is written down, as any other copy is."""
    found: dict[str, Any] = {part.title: part.rows for part in held_about(request.user)}
    text = json.dumps({"made": clock.now(), "held": found}, cls=_Words, ensure_ascii=False, indent=1)
    record(by=request.user, verb="account.copied", about=request.user)
    name = 'attachment; filename="what-is-held-about-me.json"'
    return HttpResponse(text, content_type="application/json", headers={"Content-Disposition": name})


class _Words(DjangoJSONEncoder):
    """What JSON has no form for is written as it reads."""

    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)

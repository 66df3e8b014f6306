"""The gallery: every component in every state, for the eye and for the accessibility tests. Never in production."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ui import gallery_samples as samples


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """All components; `?state=errors` shows the page as it comes back after a mistake."""
    failed = request.GET.get("state") == "errors"
    context = {
        "form": samples.SampleForm({} if failed else None),
        "tones": samples.TONES,
        "timeline_items": samples.TIMELINE,
        "rows": samples.ROWS,
        "people": samples.PEOPLE,
        "crumbs": [("Start", "/"), ("Cohort 15", "/")],
        "step_names": ["About you", "Your time", "Your goals", "Agreement"],
        "page": Paginator(range(200), 10).get_page(request.GET.get("page", 4)),
        "prose": samples.PROSE,
    }
    return render(request, "ui/gallery.html", context)

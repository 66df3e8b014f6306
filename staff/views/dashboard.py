"""The front page of the programme team."""

from django.http import HttpRequest, HttpResponse

from staff import pages


def dashboard(request: HttpRequest) -> HttpResponse:
    pages.allow(request, "staff.dashboard")
    return pages.render(request, "admin/index.html", "Today")

"""Certificates: downloaded by who earned them, checked by anybody with the code."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from circles.selectors.people import certificate_by_code, certificates_of
from circles.services.certificates import certificate_pdf


def pdf(request: HttpRequest, pk: object) -> HttpResponse:
    own = get_object_or_404(certificates_of(request.user), pk=pk)
    response = HttpResponse(certificate_pdf(own), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="mentoring-certificate.pdf"'
    return response


@login_not_required
def check(request: HttpRequest, code: str) -> HttpResponse:
    found = certificate_by_code(code)
    return render(
        request, "portal/certificate/check.html", {"certificate": found, "code": code}, status=200 if found else 404
    )

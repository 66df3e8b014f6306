"""A participant's own before and after: theirs alone. To everybody else, staff included, it does not exist."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from surveys import selectors


def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    enrolment = get_object_or_404(request.user.enrolments.select_related("cohort__format"), pk=pk)
    context = {
        "enrolment": enrolment,
        "progress": selectors.progress(enrolment),
        "due": [due for due in selectors.due_surveys(request.user) if due.enrolment == enrolment],
    }
    return render(request, "portal/survey/progress.html", context)

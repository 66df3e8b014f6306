"""What a person tells the team in confidence, and what they write for themselves alone."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from circles.confidence_forms import ConcernForm, ReflectionForm
from circles.models import Reflection
from circles.selectors.sessions import sessions_for
from circles.services import confidence
from participants.models import Enrolment
from portal.views.circle import posted, seat_in
from privacy import typed


def own_enrolment(request: HttpRequest, pk: object) -> Enrolment:
    """A part that the visitor has in a cohort; of everybody else's there is no such page."""
    return get_object_or_404(request.user.enrolments.active().select_related("cohort__format", "user"), pk=pk)


@never_cache
def concern(request: HttpRequest, pk: object) -> HttpResponse:
    """Tell the team, and see how far what one told is: never its words, which somebody might read over a shoulder."""
    enrolment = own_enrolment(request, pk)
    form = typed.put_back(request, ConcernForm(posted(request)))
    if request.method == "POST" and form.is_valid():
        confidence.raise_concern(enrolment=enrolment, text=form.cleaned_data["text"])
        messages.success(request, "The programme team has your message. You get an e-mail that says so, and no more.")
        return redirect("portal:concern", enrolment.pk)
    context = {"enrolment": enrolment, "form": form, "told": enrolment.concerns.order_by("-created_at")}
    return render(request, "portal/circle/concern.html", context)


@never_cache
def reflection(request: HttpRequest, pk: object) -> HttpResponse:
    """One's own words about one session of one's circle."""
    own = get_object_or_404(sessions_for(request.user), pk=pk)
    seat = seat_in(request, own.circle)
    kept = Reflection.objects.filter(session=own, enrolment=seat.enrolment).first()
    form = typed.put_back(request, ReflectionForm(posted(request), initial={"text": kept.text if kept else ""}))
    if request.method == "POST" and form.is_valid():
        confidence.reflect(session=own, enrolment=seat.enrolment, text=form.cleaned_data["text"])
        messages.success(request, "Kept, for you alone." if form.cleaned_data["text"] else "Nothing is kept.")
        return redirect("portal:reflections", seat.enrolment_id)
    context = {"session": own, "circle": own.circle, "form": form, "is_kept": kept is not None, "words": seat.words}
    return render(request, "portal/circle/reflection.html", context)


@never_cache
def reflections(request: HttpRequest, pk: object) -> HttpResponse:
    """All that one has written; also after one has left the circle, where it can only be read."""
    enrolment = get_object_or_404(request.user.enrolments.select_related("cohort__format"), pk=pk)
    kept = enrolment.reflections.select_related("session__circle")
    mine = set(sessions_for(request.user).values_list("pk", flat=True))
    rows = [(one, one.session_id in mine) for one in kept]
    return render(request, "portal/circle/reflections.html", {"enrolment": enrolment, "rows": rows})

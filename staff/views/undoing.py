"""Taking a withdrawal back, for a day: what comes back is shown first."""

import uuid

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_http_methods

from circles.services import changes
from circles.services.changes import ChangeError
from circles.services.changes.plans import amount
from circles.services.changes.undoing import Undo
from cohorts.models import Side
from participants.models import EnrolmentState
from staff import pages
from staff.views.changes import enrolment_of
from ui.dates import uk_date


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "enrolment/<uuid:pk>/undo/", undo, "enrolment_undo")]


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    enrolment = enrolment_of(request, pk)
    if request.method == "POST":
        try:
            done = changes.undo_withdrawal(
                enrolment=enrolment, fingerprint=request.POST.get("fingerprint", ""), by=request.user
            )
        except ChangeError as refusal:
            messages.warning(request, str(refusal))
            return redirect("admin:enrolment_undo", enrolment.pk)
        messages.success(request, f"{enrolment.user} takes part again. They are told by e-mail.")
        if done.circle and not done.sits_again and enrolment.cohort.published_at:
            return redirect("admin:enrolment_seat", enrolment.pk)
        return redirect(enrolment)
    found = changes.plan_undo(enrolment)
    return pages.render(
        request,
        "staff/changes/undo.html",
        f"Undo the withdrawal of {enrolment.user}?" if not found.why_not else f"{enrolment.user}’s withdrawal stands",
        eyebrow=str(enrolment.cohort),
        crumbs=[*pages.cohort_crumbs(enrolment.cohort), (str(enrolment.user), enrolment.get_absolute_url())],
        enrolment=enrolment,
        undo=found,
        back=[] if found.why_not else _comes_back(found),
        gone=[] if found.why_not else _does_not(found),
        told=[] if found.why_not else _told(found),
        helps=_helps(found),
    )


def _comes_back(found: Undo) -> list[tuple[str, str]]:
    enrolment, group = found.enrolment, found.enrolment.cohort.format.group_word
    rows = [("Part in the cohort", f"{EnrolmentState(found.before).label}, with every answer that they gave")]
    if found.place.place:
        rows.append(("Place", f"{found.place.place} of {enrolment.nomination.participation.organisation}"))
    if offer := found.place.offered_to:
        words = f"The place was offered to {offer.full_name}, who has not answered: the offer is taken back, and"
        rows.append(("Reserve list", f"{words} they are first on the reserve list again"))
    if found.circle:
        rows.append(("Seat", found.seat_lost or f"Their seat in {found.circle} is free: they sit there again"))
    if found.sits_again:
        rows.append(("Sessions", _sessions(found)))
        rows.append(("Ceremonies", "Invited again to those to come"))
    elif enrolment.cohort.published_at:
        rows.append(("Sessions", f"None until they have a {group}: they wait for a seat"))
    rows.append(("Surveys", "They can open and hand in again what is open for them. Earlier answers are still theirs"))
    return rows


def _sessions(found: Undo) -> str:
    if not found.coming:
        return "None is to come"
    dates = ", ".join(uk_date(session.starts_at) for session in found.coming)
    return f"{amount(len(found.coming), 'session')} to come back into their calendar: {dates}"


def _does_not(found: Undo) -> list[str]:
    lines = [
        "A private calendar link, if they had one: it has ended, and they can make another.",
        "What they had said they would stand in for.",
    ]
    if not found.enrolment.cohort.published_at:
        lines.append("Their seat in the proposal under review: put them on the board again.")
    return lines


def _told(found: Undo) -> list[str]:
    lines = [f"{found.enrolment.user}: that they take part again."]
    if found.hear:
        what = "who leads them" if found.enrolment.side == Side.LEAD else "that somebody joins"
        lines.append(f"{', '.join(str(user) for user in found.hear)}: {what}.")
    if found.sits_again and found.enrolment.side != Side.LEAD:
        lines.append("Nobody else: who has not been told that somebody left is not told at all.")
    if found.place.place:
        lines.append("Coordinators who were told that the place had become free: that it is taken again.")
    if found.place.offered_to:
        lines.append(f"{found.place.offered_to.full_name}: that the place is not free after all, and that they wait.")
    return lines


def _helps(found: Undo) -> list[tuple[str, str]]:
    """What can be done where it can't be undone, or where they come back without a seat."""
    enrolment = found.enrolment
    links = [("Everything about them", enrolment.get_absolute_url())]
    if found.needs_place and enrolment.nomination:
        part = enrolment.nomination.participation
        words = f"Agree one more place with {part.organisation}; then this page can bring them back"
        links.insert(0, (words, reverse("admin:participation_places", args=[part.pk])))
    return links

"""Employers come in: their interest, the answer, their confirmation with agreed places and a coordinator."""

from accounts.models import User
from cohorts.models import Cohort
from organisations import services
from organisations.models import Interest, Organisation, Participation
from staff.demonstration.names import EMPLOYERS, Employer, People

QUESTIONS = [
    "What does a place cost, and may we bring people from our regional offices?",
    "Two of our directors would like to be mentors. How much time should they set aside?",
    "We took part some years ago and would like to come back. Is there still room?",
]


def form_data(employer: Employer, people: People, cohort: Cohort | None, **more: object) -> dict[str, object]:
    """What the contact of an employer would have typed into the public form."""
    first, last, email = people.next(employer.domain)
    return {
        "kind": Interest.Kind.REGISTRATION if cohort else Interest.Kind.QUESTION,
        "organisation": employer.name,
        "sector": employer.sector,
        "size": employer.size,
        "places_of_work": employer.place,
        "contact_name": f"{first} {last}",
        "contact_email": email,
        "contact_role": "Inclusion lead",
        "is_member": employer.member,
        "has_package": employer.package,
        "cohort": cohort,
        "expected_mentees": 4 if cohort else None,
        "expected_mentors": 1 if cohort else None,
        "message": "",
    } | more


def register(employer: Employer, people: People, cohort: Cohort | None, **more: object) -> Interest:
    return services.register_interest(data=form_data(employer, people, cohort, **more))


def mark_history(advisers: dict[str, User]) -> None:
    """Some employers were with the programme before this software, and most have an adviser of their own."""
    for index, employer in enumerate(EMPLOYERS):
        organisation = Organisation.objects.filter(domain=employer.domain).first()
        if organisation is None:
            continue
        organisation.in_baseline = index % 3 != 0
        organisation.adviser = advisers["inclusion_adviser" if employer.package else "relationship_manager"]
        if index % 5 == 4:
            organisation.adviser = None
        organisation.save()


def confirm(interest: Interest, cohort: Cohort, places: dict[str, int], people: People, by: User) -> Participation:
    """Answer an employer and confirm it; its coordinator is the same person in every cohort."""
    services.answer_interest(interest=interest, by=by)
    return services.confirm_participation(
        organisation=interest.organisation,
        cohort=cohort,
        places=places,
        coordinator=_coordinator(interest.organisation, people),
        by=by,
        interest=interest,
    )


def _coordinator(organisation: Organisation, people: People) -> dict[str, str]:
    known = organisation.coordinators.select_related("user").first()
    if known is not None:
        return {"first_name": known.user.first_name, "last_name": known.user.last_name, "email": known.user.email}
    first, last, email = people.next(organisation.domain)
    return {"first_name": first, "last_name": last, "email": email}

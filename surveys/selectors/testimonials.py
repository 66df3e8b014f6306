"""What somebody said about the programme, for its author."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from accounts.prepared import prepared
from surveys.models import Testimonial


def quotes_of(user: User) -> QuerySet[Testimonial]:
    """A person's own quotes, the withdrawn ones too."""
    return Testimonial.objects.filter(enrolment__user=user)


@prepared
def quotes_in(enrolment: UUID) -> QuerySet[Testimonial]:
    """What they said in one cohort."""
    return Testimonial.objects.filter(enrolment=enrolment)

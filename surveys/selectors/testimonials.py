"""What somebody said about the programme, for its author."""

from django.db.models import QuerySet

from accounts.models import User
from surveys.models import Testimonial


def quotes_of(user: User) -> QuerySet[Testimonial]:
    """A person's own quotes, the withdrawn ones too."""
    return Testimonial.objects.filter(enrolment__user=user)

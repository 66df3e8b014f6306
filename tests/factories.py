"""Objects for tests. Each factory makes the least that is valid; a test says what matters to it."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from accounts import clock
from accounts.models import User
from circles.models import Certificate, Circle, Membership, Session
from cohorts.models import Cohort, Format, Slot, StaffAssignment, Topic
from organisations.models import Coordinator, Interest, Organisation, Participation, Place
from participants.models import Enrolment, Nomination


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@employer.example")
    first_name = "Ada"
    last_name = factory.Sequence(lambda n: f"Person{n}")


class StaffFactory(UserFactory):
    """A member of staff; `role` is theirs in every cohort."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    is_staff = True

    @factory.post_generation
    def role(self, create: bool, extracted: str | None, **_: object) -> None:
        StaffAssignment.objects.create(user=self, role=extracted or "lead")


class FormatFactory(DjangoModelFactory):
    """The circles format; the others are made by `key`, lead_role and so on."""

    class Meta:
        model = Format
        django_get_or_create = ("key",)

    key = "circles"
    name = "Mentoring circles"
    lead_role = "mentor"
    member_role = "mentee"
    lead_words = "leads a circle"
    member_words = "is a member of a circle"
    capacity = 10
    minimum = 6
    target = 9
    own_organisation = "forbidden"
    joining = "nomination"
    eligibility_side = "member"


def key_dates(launch: dt.date) -> dict[str, dt.date]:
    """Key dates in order around a launch: recruitment ends five weeks before it, the close is six months after."""
    spans = {
        "applications": (-300, -200), "confirmation": (-200, -150), "recruitment": (-150, -35),
        "onboarding": (-34, -1), "launch": (0, 6), "sessions": (7, 190), "close": (191, 205),
    }  # fmt: skip
    dates = {}
    for key, (first, last) in spans.items():
        dates[f"{key}_from"] = launch + dt.timedelta(days=first)
        dates[f"{key}_until"] = launch + dt.timedelta(days=last)
    return dates


class CohortFactory(DjangoModelFactory):
    """A cohort that recruits today: launch is in sixty days unless `launch` says otherwise."""

    class Meta:
        model = Cohort

    class Params:
        launch = factory.LazyFunction(lambda: clock.today() + dt.timedelta(days=60))

    format = factory.SubFactory(FormatFactory)
    number = factory.Sequence(lambda n: n + 1)
    name = factory.LazyAttribute(lambda o: f"Cohort {o.number}")

    @classmethod
    def _adjust_kwargs(cls, **kwargs: object) -> dict[str, object]:
        launch = kwargs.pop("launch", None) or clock.today() + dt.timedelta(days=60)
        return key_dates(launch) | kwargs


class SlotFactory(DjangoModelFactory):
    class Meta:
        model = Slot

    cohort = factory.SubFactory(CohortFactory)
    weekday = 1
    start = dt.time(12, 30)
    minutes = 90


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = Topic

    key = factory.Sequence(lambda n: f"topic-{n}")
    name = factory.Sequence(lambda n: f"Topic {n}")


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Employer {n}")
    domain = factory.Sequence(lambda n: f"employer{n}.example")


class CoordinatorFactory(DjangoModelFactory):
    class Meta:
        model = Coordinator

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)


class InterestFactory(DjangoModelFactory):
    class Meta:
        model = Interest

    organisation = factory.SubFactory(OrganisationFactory)
    organisation_as_written = factory.LazyAttribute(lambda o: o.organisation.name)
    kind = "registration"
    contact_name = "Sam Contact"
    contact_email = "sam@employer.example"
    is_member = True
    has_package = False
    routing = "relationship_manager"


class ParticipationFactory(DjangoModelFactory):
    """An organisation confirmed in a cohort, with `mentee_places` and `mentor_places` as place rows."""

    class Meta:
        model = Participation
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)
    cohort = factory.SubFactory(CohortFactory)

    @factory.post_generation
    def places(self, create: bool, extracted: dict[str, int] | None, **_: object) -> None:
        for role, agreed in (extracted or {"mentee": 5, "mentor": 1}).items():
            Place.objects.bulk_create(Place(participation=self, role=role, number=n + 1) for n in range(agreed))


class NominationFactory(DjangoModelFactory):
    """An invited person who holds the next free place of their role."""

    class Meta:
        model = Nomination

    participation = factory.SubFactory(ParticipationFactory)
    cohort = factory.LazyAttribute(lambda o: o.participation.cohort)
    role = "mentee"
    first_name = "Nia"
    last_name = factory.Sequence(lambda n: f"Nominee{n}")
    email = factory.Sequence(lambda n: f"nominee{n}@employer.example")
    state = "invited"
    place = factory.LazyAttribute(
        lambda o: (
            o.participation.places.filter(role=o.role, nomination=None).order_by("number").first()
            if o.state in {"invited", "accepted"}
            else None
        )
    )


class EnrolmentFactory(DjangoModelFactory):
    """Somebody who has finished enrolling."""

    class Meta:
        model = Enrolment

    cohort = factory.SubFactory(CohortFactory)
    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = "mentee"
    side = factory.LazyAttribute(lambda o: "lead" if o.role == "mentor" else "member")
    state = "enrolled"
    level = 3
    function = "finance"
    agreed_at = factory.LazyFunction(clock.now)


class CircleFactory(DjangoModelFactory):
    class Meta:
        model = Circle

    cohort = factory.SubFactory(CohortFactory)
    number = factory.Sequence(lambda n: n + 1)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    circle = factory.SubFactory(CircleFactory)
    enrolment = factory.SubFactory(EnrolmentFactory, cohort=factory.SelfAttribute("..circle.cohort"))
    seat = 1


class SessionFactory(DjangoModelFactory):
    class Meta:
        model = Session

    circle = factory.SubFactory(CircleFactory)
    number = 1
    starts_at = factory.LazyFunction(lambda: clock.now() + dt.timedelta(days=20))


class CertificateFactory(DjangoModelFactory):
    class Meta:
        model = Certificate

    enrolment = factory.SubFactory(EnrolmentFactory)
    sessions_attended = 5
    sessions_held = 6

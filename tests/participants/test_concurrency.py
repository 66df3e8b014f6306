"""Twelve at once, on real PostgreSQL: the agreed number holds."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from outbox.models import Message
from participants import services
from participants.models import HOLDING, Enrolment, Nomination
from participants.services import RefusedError
from tests.factories import NominationFactory, ParticipationFactory

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 12


def together(act):
    """Call `act(0)` … `act(11)` at the same moment; each answer is a result or the exception."""
    start = Barrier(AT_ONCE)

    def run(number):
        try:
            start.wait()
            return act(number)
        except (RefusedError, IntegrityError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def test_twelve_nominations_for_the_last_places():
    participation = ParticipationFactory(places={"mentee": 3})

    def nominate(number):
        return services.nominate(
            participation=participation, role="mentee", first_name="Nia", last_name=f"Person{number}",
            email=f"p{number}@employer.example", reason="", by=None,
        ).state  # fmt: skip

    assert sorted(together(nominate)) == ["invited"] * 3 + ["reserve"] * 9
    assert Nomination.objects.filter(state__in=HOLDING).count() == 3
    assert Message.objects.filter(kind="participants.nominated").count() == 3
    waiting = Nomination.objects.filter(state="reserve").values_list("reserve_position", flat=True)
    assert sorted(waiting) == [*range(1, 10)]


def test_twelve_nominations_of_one_person():
    participation = ParticipationFactory(places={"mentee": 12})

    def nominate(number):
        return services.nominate(
            participation=participation, role="mentee", first_name="Nia", last_name="Okoro",
            email="nia@employer.example", reason="", by=None,
        )  # fmt: skip

    answers = together(nominate)
    assert sum(isinstance(answer, RefusedError) for answer in answers) == 11
    assert Nomination.objects.count() == 1


def test_twelve_acceptances_of_one_invitation():
    nomination = NominationFactory()

    answers = together(lambda _: services.accept_nomination(nomination=nomination))

    assert sum(isinstance(answer, RefusedError) for answer in answers) == 11
    assert Enrolment.objects.count() == 1


def test_twelve_who_go_round_the_services_for_one_place():
    participation = ParticipationFactory(places={"mentee": 1})
    place = participation.places.get()

    def store(number):
        with transaction.atomic():
            return NominationFactory(participation=participation, place=place)

    answers = together(store)
    assert sum(isinstance(answer, IntegrityError) for answer in answers) == 11
    assert Nomination.objects.count() == 1


def test_declining_and_nominating_at_once_never_overfills_or_locks_up():
    participation = ParticipationFactory(places={"mentee": 6})
    invited = [NominationFactory(participation=participation) for _ in range(6)]

    def act(number):
        if number < 6:
            return services.decline_nomination(nomination=invited[number])
        return services.nominate(
            participation=participation, role="mentee", first_name="Nia", last_name=f"New{number}",
            email=f"new{number}@employer.example", reason="", by=None,
        )  # fmt: skip

    together(act)
    assert Nomination.objects.filter(state="invited").count() == 6
    assert Nomination.objects.filter(state="declined").count() == 6
    assert not Nomination.objects.filter(state="reserve").exists()

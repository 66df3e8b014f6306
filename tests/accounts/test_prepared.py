"""A query that is written once and asked again and again finds what Django's own finds."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from accounts import clock
from accounts.models import User
from accounts.prepared import NotPreparedError, attach, prepared
from circles.models import Session
from cohorts.models import Cohort
from participants.models import Enrolment
from tests.factories import CohortFactory, EnrolmentFactory, SessionFactory, UserFactory


def of_person(user: UUID) -> QuerySet[Enrolment]:
    others = Enrolment.objects.filter(cohort=OuterRef("cohort")).exclude(user=user)
    mine = Enrolment.objects.active().filter(user=user).select_related("cohort__format").prefetch_related("topics")
    return mine.annotate(has_company=Exists(others)).order_by("-cohort__launch_from")


def test_it_finds_what_the_queryset_finds_for_each_person(db: None, django_assert_num_queries: Any) -> None:
    ask, people = prepared(of_person), [EnrolmentFactory().user, EnrolmentFactory().user, UserFactory()]
    EnrolmentFactory(user=people[0], state="completed")
    EnrolmentFactory(cohort=people[1].enrolments.get().cohort)
    for person in people:
        found, expected = ask(person.pk), list(of_person(person.pk))
        assert found == expected
        assert [one.__dict__.keys() for one in found] == [one.__dict__.keys() for one in expected]
        assert [one.has_company for one in found] == [one.has_company for one in expected]
        with django_assert_num_queries(0):
            assert [one.cohort.format for one in found] == [one.cohort.format for one in expected]
            assert [list(one.topics.all()) for one in found] == [[] for _ in found]
    Enrolment.objects.filter(user=people[0]).update(state="withdrawn")
    assert ask(people[0].pk) == []  # nothing that was found is kept


def test_lists_of_any_length_and_text(db: None) -> None:
    ask = prepared(lambda keys, email: User.objects.filter(pk__in=keys, email__iexact=email).values_list("pk", "email"))
    one, two = UserFactory(email="One%_@employer.example"), UserFactory()
    assert ask([one.pk, two.pk], "one%_@EMPLOYER.example") == [(one.pk, "One%_@employer.example")]
    assert ask([two.pk], one.email) == ask([], one.email) == ask([uuid4()] * 3, one.email) == []


def test_the_time_is_that_of_each_call(db: None, move_clock: Callable) -> None:
    hour = dt.timedelta(hours=1)

    @prepared
    def soon(circle: UUID) -> QuerySet[Session]:
        return Session.objects.upcoming().filter(circle=circle, starts_at__lte=clock.now() + hour)

    @prepared
    def launching() -> QuerySet[Cohort]:
        return Cohort.objects.filter(
            launch_from__gte=clock.today() - dt.timedelta(days=1), launch_from=F("launch_from")
        )

    session, cohort = SessionFactory(), CohortFactory(launch=dt.date(2030, 1, 2))
    for moment, found in ((-2 * hour, []), (-hour / 2, [session]), (hour / 2, [])):
        move_clock(session.starts_at + moment)
        assert soon(session.circle_id) == found
    for day, there in ((1, True), (3, True), (4, False)):
        move_clock(dt.datetime(2030, 1, day, 23, 30, tzinfo=clock.LONDON))
        assert (cohort in launching()) is there


def test_what_would_be_wrong_at_the_next_call_is_refused(db: None) -> None:
    person = EnrolmentFactory().user
    refused: list[tuple[Callable[..., Any], Any, str]] = [
        (lambda key: person.enrolments.filter(pk=key), person.pk, "object"),
        (lambda key: User.objects.filter(pk=key, created_at__lt=timezone.now()), person.pk, "clock"),
        (lambda key: Cohort.objects.filter(pk=key, launch_from=dt.date(2026, 1, 1)), person.pk, "clock"),
        (lambda text: User.objects.filter(email__contains=text), "a", "as they are"),
        (lambda user: User.objects.filter(pk=user.pk), person, "key, text"),
    ]
    for build, value, why in refused:
        with pytest.raises(NotPreparedError, match=why):
            prepared(build)(value)


def known_to_the_server() -> dict[str, int]:
    """The queries that it holds for this session, and how often each was asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, generic_plans + custom_plans FROM pg_prepared_statements")
        return dict(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_the_server_is_told_a_query_once_and_then_asked_by_its_name() -> None:
    ask, people = prepared(of_person), [EnrolmentFactory().user, EnrolmentFactory().user]
    before = known_to_the_server()
    for person in people * 3:
        assert [one.user_id for one in ask(person.pk)] == [person.pk]
    [name] = known_to_the_server().keys() - before.keys()
    assert known_to_the_server()[name] == 6
    also = prepared(of_person)
    with transaction.atomic():
        assert also(people[0].pk)
        transaction.set_rollback(True)
    assert also(people[0].pk), "what the server was told is not rolled back"
    connection.close()
    assert ask(people[1].pk) == list(of_person(people[1].pk)), "a new session is told again"
    assert known_to_the_server() == {name: 1}
    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans, custom_plans FROM pg_prepared_statements")
        assert cursor.fetchall() == [(1, 0)], "one plan for every value"


def test_it_is_asked_in_full_where_that_is_wanted(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    person, before, heard = EnrolmentFactory().user, known_to_the_server(), []

    def listen(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        heard.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(listen):
        assert len(prepared(of_person)(person.pk)) == 1
    assert "participants_enrolment" in heard[0]
    for setting, value in (("CONN_MAX_AGE", 0), ("DISABLE_SERVER_SIDE_CURSORS", True)):
        with monkeypatch.context() as other:
            other.setitem(connection.settings_dict, setting, value)
            assert len(prepared(of_person)(person.pk)) == 1
    assert known_to_the_server().keys() == before.keys()


def test_rows_are_attached_as_prefetch_related_attaches_them(db: None, django_assert_num_queries: Any) -> None:
    cohorts = [EnrolmentFactory().cohort, CohortFactory()]
    attach(cohorts, "enrolments", list(Enrolment.objects.all()))
    with django_assert_num_queries(0):
        assert [len(one.enrolments.all()) for one in cohorts] == [1, 0]
    assert cohorts[0].enrolments.filter(state="withdrawn").count() == 0

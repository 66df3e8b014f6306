"""People's own words: enough of them, without names, in no order (D-10); and what ends by the calendar."""

import datetime as dt
import random

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts import clock
from cohorts.models import Cohort
from privacy.models import AuditEvent
from surveys import services
from surveys.disclosure import TEAM, Suppressed, release_comments
from surveys.models import Comment, LedgerEntry, Question, Snapshot, Testimonial
from surveys.selectors.comments import WAITING, comments, to_read
from surveys.tasks import forget_old
from tests.factories import StaffFactory
from tests.surveys.people import AFTER, BEFORE, answer_all, cohort_with_sessions, seated, survey_of

pytestmark = pytest.mark.django_db


def test_the_order_tells_nothing_and_few_tell_nothing() -> None:
    words = {str(n): f"words {n}" for n in range(12)}
    one = release_comments(words, TEAM)
    for seed in range(5):
        mixed = list(words.items())
        random.Random(seed).shuffle(mixed)
        assert release_comments(dict(mixed), TEAM) == one
    assert isinstance(one, tuple)
    assert one != tuple(words.values())
    assert isinstance(release_comments(dict(list(words.items())[:9]), TEAM), Suppressed)
    assert release_comments({**words, "0": None}, TEAM) != one


@pytest.fixture
def closed(move_clock):  # type: ignore[no-untyped-def]
    def make(count: int, number: int = 31, writers: int | None = None) -> Cohort:
        move_clock(BEFORE)
        cohort = cohort_with_sessions(number=number)
        post = survey_of(cohort, "post")
        question = Question.objects.create(survey=post, position=1, kind="long", text="What changed?")
        people = [seated(cohort) for _ in range(count)]
        answer_all(people, "pre", 1, 3)
        move_clock(AFTER)
        for n, person in enumerate(people[:writers]):
            values = {question.pk: ([], f"Robin Reed of Ashdown helped me, {n}")}
            services.save_questions(survey=post, enrolment=person, values=values)
        post.responses.all().update(submitted_at=clock.now())
        services.close_cohort(cohort=cohort, by=None)
        cohort.refresh_from_db()
        return cohort

    return make


def test_the_team_reads_what_somebody_has_taken_names_out_of(client: Client, closed) -> None:  # type: ignore[no-untyped-def]
    cohort, lead = closed(10), StaffFactory()
    client.force_login(lead)
    impact, page = (reverse(f"admin:{name}", args=[cohort.pk]) for name in ("cohort_impact", "cohort_comments"))
    assert [one.text for one in comments(cohort)] == [WAITING]
    assert "Robin Reed" not in client.get(impact).content.decode()
    assert "Robin Reed" in client.get(page).content.decode()
    assert AuditEvent.objects.filter(verb="comments.read", actor=lead).count() == 1

    [one] = to_read(cohort)
    first, second, *_ = one.words
    sent = {"question": str(one.question.pk)}
    prefix = one.question.pk.hex[:8]
    for key in one.words:
        sent |= {f"{prefix}-text-{key.hex}": "Somebody helped me", f"{prefix}-act-{key.hex}": "show"}
    assert client.post(page, sent | {f"{prefix}-text-{first.hex}": ""}).status_code == 200  # shown without words
    assert not Comment.objects.exists()
    assert client.post(page, sent | {f"{prefix}-act-{second.hex}": "leave"}).status_code == 302
    assert comments(cohort)[0].words == ("Somebody helped me",) * 9
    html = client.get(impact).content.decode()
    assert html.count("Somebody helped me") == 9
    assert "Robin Reed" not in html
    with pytest.raises(ValidationError):
        services.decide_comments(cohort=cohort, decisions={cohort.pk: (True, "x")}, by=lead)
    # Nothing of it leaves the team, and of nine nobody reads anything.
    for snapshot in Snapshot.objects.all():
        assert "helped me" not in str(snapshot.figures)
    few = closed(10, 32, writers=9)
    assert to_read(few) == []
    assert comments(few)[0].words == ()


def test_what_ends_by_the_calendar(closed, move_clock) -> None:  # type: ignore[no-untyped-def]
    cohort = closed(12)
    today = clock.today()
    over, on_show = (
        Testimonial.objects.create(quote="Good.", attribution="Mentee", state="published", expires_on=day)
        for day in (today - dt.timedelta(days=1), today)
    )
    assert LedgerEntry.objects.filter(cohort=cohort).exists()
    assert forget_old() == 1
    assert forget_old() == 0
    over.refresh_from_db()
    on_show.refresh_from_db()
    assert (over.state, on_show.state) == ("expired", "published")
    assert AuditEvent.objects.filter(verb="testimonial.expired").count() == 1

    move_clock(today + dt.timedelta(days=735))
    assert forget_old() > 1
    assert not LedgerEntry.objects.exists()
    assert services.release_again(cohort=cohort, by=None) is False

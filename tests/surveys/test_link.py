"""Half a year after the close nobody can tell any more whose answers are whose (G-08)."""

import datetime as dt
import json
from base64 import urlsafe_b64decode

import pytest
from cryptography.fernet import InvalidToken
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import clock
from circles.models import Session
from privacy.models import AuditEvent
from privacy.services import set_consent
from surveys import services
from surveys.models import (
    Answer,
    Comment,
    GoalRating,
    ParticipantKey,
    Question,
    QuestionAnswer,
    Response,
    TeamNote,
)
from surveys.selectors import progress, released_figures
from surveys.selectors.comments import comments, to_read
from surveys.selectors.flow import waves
from surveys.selectors.link import LINKED_FOR, links_of
from surveys.tasks import forget_old
from tests.factories import TopicFactory
from tests.surveys.people import AFTER, BEFORE, answer_all, cohort_with_sessions, seated, survey_of

pytestmark = pytest.mark.django_db


def test_no_query_follows_the_link_and_only_the_keys_outside_the_database_open_it(move_clock, settings) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    cohort = cohort_with_sessions()
    people = [seated(cohort) for _ in range(3)]
    answer_all(people, "pre", 1, 3)
    services.rate_goals(enrolment=people[0], ratings={})
    whose = links_of(one.pk for one in people)
    assert set(whose.values()) == {one.pk for one in people}
    assert Response.objects.filter(participant_key__in=list(whose)).count() == 3
    joined = """SELECT count(*) FROM surveys_participantkey link JOIN surveys_response answered
        ON strpos(link::text, answered.participant_key) > 0"""
    with connection.cursor() as cursor:
        cursor.execute(joined)
        assert cursor.fetchone() == (0,)
        # Neither does a moment: the link has none, and what is sealed was sealed in 1970.
        cursor.execute("SELECT * FROM surveys_participantkey")
        assert {column.name for column in cursor.description} == {"id", "enrolment_id", "sealed_key"}
        for *_, sealed in cursor.fetchall():
            assert int.from_bytes(urlsafe_b64decode(sealed)[1:9]) == 0
    kept = settings.FIELD_KEYS
    settings.FIELD_KEYS = ["another"]
    with pytest.raises(InvalidToken):
        links_of(one.pk for one in people)
    settings.FIELD_KEYS = ["another", *kept]  # a new key first: what the old one sealed still opens
    assert links_of(one.pk for one in people) == whose


def test_after_half_a_year_answers_are_nobodys_and_the_figures_stand(client: Client, move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    cohort = cohort_with_sessions()
    post = survey_of(cohort, "post")
    words = Question.objects.create(survey=post, position=1, kind="long", text="What changed?")
    box = Question.objects.create(survey=post, position=2, kind="single", text="Which?", options="One\nTwo")
    people = [seated(cohort) for _ in range(10)]
    shy = seated(cohort, agrees=False)
    answer_all([*people, shy], "pre", 1, 3)
    move_clock(AFTER)
    for n, person in enumerate(people):
        values = {words.pk: ([], f"Words of {n}"), box.pk: ([1 + n % 2], "")}
        services.save_questions(survey=post, enrolment=person, values=values)
    Response.objects.filter(survey=post).update(submitted_at=clock.now())
    answer_all([shy], "post", 2, 4)
    session = Session.objects.filter(circle__cohort=cohort).latest("starts_at")
    useful = {item.pk: 4 for item in survey_of(cohort, "check_in").parts.get().instrument.items.all()}
    services.answer_check_in(session=session, enrolment=people[1], values=useful, note="Too far away.")
    topic = TopicFactory()
    people[1].topics.add(topic)
    services.rate_goals(enrolment=people[1], ratings={topic.pk: (1, 3)})
    services.close_cohort(cohort=cohort, by=None)
    cohort.refresh_from_db()
    services.decide_comments(
        cohort=cohort, decisions={key: (True, "Words") for one in to_read(cohort) for key in one.words}, by=None
    )
    figures, keys = json.dumps(released_figures(cohort, "impact")), set(waves(cohort).keys)

    client.force_login(people[1].user)
    page, rate = (reverse(f"portal:{name}", args=[people[1].pk]) for name in ("progress", "goals"))
    assert "Here until" in client.get(page).content.decode()
    last = clock.local(cohort.closed_at + LINKED_FOR).date()
    move_clock(last - dt.timedelta(days=1))
    assert forget_old() == 0
    move_clock(last + dt.timedelta(days=1))
    assert forget_old() == 11
    assert forget_old() == 0

    for model in (ParticipantKey, GoalRating, TeamNote, Comment):
        assert not model.objects.exists(), model
    # Of those who had agreed, both surveys still belong together, so that cohorts may be told together.
    assert set(waves(cohort).keys) == keys
    assert len(waves(cohort).paired) == 10
    assert QuestionAnswer.objects.count() == 10
    # Who came to which session is known: what was said of one stands beside nothing else.
    [told] = Response.objects.filter(survey__wave="check_in")
    assert told.participant_key not in keys
    moments = {row.created_at for model in (Response, Answer, QuestionAnswer) for row in model.objects.all()}
    assert moments | set(Response.objects.values_list("submitted_at", flat=True)) == {cohort.closed_at}

    set_consent(user=people[2].user, purpose="evaluation", given=False, how="test")
    assert services.release_again(cohort=cohort, by=None) is False
    assert json.dumps(released_figures(cohort, "impact")) == figures
    assert comments(cohort) == []
    assert AuditEvent.objects.get(verb="answers.unlinked").object_id == cohort.pk
    own = progress(people[1])
    assert (own.scales, own.is_unlinked) == ([], True)
    html = client.get(page).content.decode()
    assert "Your answers have no name any more" in html
    assert "Download as PDF" not in html
    assert client.get(rate).status_code == 404
    with pytest.raises(ValidationError):
        services.rate_goals(enrolment=people[1], ratings={topic.pk: (1, 4)})
    assert not ParticipantKey.objects.exists()

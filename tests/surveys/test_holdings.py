"""What is held under a person's random key is theirs to have, and goes when they ask (G-10, G-11)."""

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from privacy import registry
from surveys import services
from surveys.models import GoalRating, LedgerEntry, ParticipantKey, Question, Response, Snapshot, TeamNote
from tests.surveys.people import AFTER, BEFORE, answer, cohort_with_sessions, seated, survey_of
from tests.surveys.test_check_ins import ENDED, say

pytestmark = pytest.mark.django_db
TITLE = "Your answers, your goals and your notes to the team"


def tell_everything(person, sentinel: str, move_clock) -> None:  # type: ignore[no-untyped-def]
    """One row of each kind; the sentinel is in every one that has words."""
    question = survey_of(person.cohort, "pre").questions.first()
    services.save_questions(
        survey=survey_of(person.cohort, "pre"), enrolment=person, values={question.pk: ([], f"{sentinel}-own")}
    )
    answer(person, "pre", 4)
    services.rate_goals(enrolment=person, ratings={None: (2, 4)})
    move_clock(ENDED)
    say(person, 5, note=f"{sentinel}-unnamed")
    TeamNote.objects.create(cohort=person.cohort, enrolment=person, origin="mid_point", text=f"{sentinel}-named")
    [*_, signed] = services.signatures(person)
    services.offer_testimonial(enrolment=person, quote=f"{sentinel}-quote", attribution=signed)


@pytest.fixture
def two(move_clock):  # type: ignore[no-untyped-def]
    """Two people of one circle who have told everything that can be told."""
    move_clock(BEFORE)
    cohort = cohort_with_sessions()
    Question.objects.create(survey=survey_of(cohort, "pre"), position=1, kind="short", text="In a word?")
    people = [seated(cohort, goal_note=f"{name}-goal") for name in ("FIRST", "SECOND")]
    for person, name in zip(people, ("FIRST", "SECOND"), strict=True):
        move_clock(BEFORE)
        tell_everything(person, name, move_clock)
    return people


def everything() -> str:
    """Every value of every row of every table, decrypted where it is encrypted."""
    return "\n".join(str(row) for model in apps.get_models() for row in model._base_manager.values_list())


def test_a_person_is_given_all_of_it_with_words_and_scale_and_nothing_of_anybody_else(two) -> None:  # type: ignore[no-untyped-def]
    held = registry.export(two[0].user)
    text = str(held)
    for sentinel in ("FIRST-own", "FIRST-unnamed", "FIRST-named", "FIRST-quote", "FIRST-goal"):
        assert sentinel in text, sentinel
    assert "SECOND" not in text
    lines = held[TITLE]
    asked = next(line for line in lines if line.get("Asked") == "I have people outside my own team whom I can ask for "
                 "advice about my career.")  # fmt: skip
    assert asked["Answered"] == "4 Agree"
    assert "1 Strongly disagree; 2 Disagree" in asked["Scale"]
    assert {"Score": "Networks and contacts", "Points": 4.0, "Of": "1 to 5"}.items() <= next(
        line for line in lines if line.get("Score") == "Networks and contacts"
    ).items()
    assert next(line for line in lines if "Goal" in line)["Now"] == "Nearly there"
    assert any("session 1" in str(line.get("Survey")) for line in lines)


def test_erasing_leaves_no_trace_of_the_person_and_all_of_the_others(two) -> None:  # type: ignore[no-untyped-def]
    me = two[0]
    mine, theirs = (ParticipantKey.objects.get(enrolment=one).key for one in two)
    assert registry.erase(me.user)["answers"] > 20
    left = everything()
    for sentinel in (mine, "FIRST-own", "FIRST-unnamed", "FIRST-named", "FIRST-quote"):
        assert sentinel not in left, sentinel
    for sentinel in (theirs, "SECOND-own", "SECOND-unnamed", "SECOND-named", "SECOND-quote"):
        assert sentinel in left, sentinel
    assert registry.export(me.user).get(TITLE) is None
    assert registry.erase(me.user)["answers"] == 0
    assert Response.objects.filter(participant_key=theirs).count() == 2
    assert GoalRating.objects.get().participant_key == theirs


def test_the_link_goes_before_anything_that_it_links(two) -> None:  # type: ignore[no-untyped-def]
    with CaptureQueriesContext(connection) as queries:
        registry.erase(two[0].user)
    deletes = [query["sql"] for query in queries if query["sql"].startswith("DELETE")]
    assert "surveys_participantkey" in deletes[0]


def test_what_was_released_stands(two, move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(AFTER)
    services.close_cohort(cohort=two[0].cohort, by=None)
    rows = [Snapshot, LedgerEntry]
    before = [list(model.objects.order_by("pk").values_list()) for model in rows]
    registry.erase(two[0].user)
    assert [list(model.objects.order_by("pk").values_list()) for model in rows] == before

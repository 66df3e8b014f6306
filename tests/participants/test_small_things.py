"""Links, words, statuses, plans and the background task."""

import pytest

from participants import import_plan, links, services, wording
from participants.importing import Row
from participants.status import status_of
from participants.tasks import expire_nominations
from tests.factories import CoordinatorFactory, NominationFactory, ParticipationFactory

pytestmark = pytest.mark.django_db


def test_a_link_names_its_nomination_until_its_version_is_raised():
    nomination = NominationFactory()
    token = links.invitation_token(nomination)
    assert links.read_invitation(token) == nomination
    assert links.read_invitation(token[:-1] + ("a" if token[-1] != "a" else "b")) is None

    nomination.link_version += 1
    nomination.save()
    assert links.read_invitation(token) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ready for a bigger role", []),
        ("She is BLACK and has dyslexia, dyslexia!", ["black", "dyslexia"]),
        ("Traces of racehorse asianness", []),
        ("Back from sick leave", ["sick leave"]),
    ],
)
def test_sensitive_words(text, found):
    assert wording.sensitive_terms(text) == found


def test_a_nomination_never_tells_its_coordinator_why():
    nomination = NominationFactory()
    enrolment = services.accept_nomination(nomination=nomination)
    nomination.refresh_from_db()
    assert status_of(nomination).text == "Accepted, enrolling"

    services.withdraw_enrolment(enrolment=enrolment, by=None, note="Ill")
    nomination = type(nomination).objects.select_related("enrolment").get(pk=nomination.pk)
    assert status_of(nomination).text == "Will not take part"


def row(line, email, role="mentee", **values):
    return Row(line, first_name="Nia", last_name="Okoro", email=email, role=role, **values)


def test_a_plan_says_what_would_become_of_everybody():
    participation = ParticipationFactory(places={"mentee": 2, "mentor": 1})
    elsewhere = NominationFactory(participation=ParticipationFactory(cohort=participation.cohort))
    same = NominationFactory(participation=participation, first_name="Nia", last_name="Okoro")
    declined = NominationFactory(participation=participation, state="declined")
    rows = [
        row(2, same.email), row(3, same.email, role="mentor"), row(4, elsewhere.email), row(5, declined.email),
        row(6, "new@employer.example"), row(7, "newer@employer.example"), row(8, "", errors=("Wrong.",)),
        row(9, same.email, reason="Keen"),
    ]  # fmt: skip

    planned = import_plan.plan(participation=participation, rows=rows)

    assert [item.action for item in planned] == [
        "same", "error", "error", "same", "invite", "reserve", "error", "update",
    ]  # fmt: skip


def test_an_empty_reason_in_a_list_leaves_the_reason_that_was_given():
    known = NominationFactory(first_name="Nia", last_name="Okoro", reason="Ready for more")
    participation = known.participation
    assert import_plan.plan(participation=participation, rows=[row(2, known.email)])[0].action == "same"

    renamed = Row(2, first_name="Nia", last_name="Bello", email=known.email, role="mentee")
    by = CoordinatorFactory(organisation=participation.organisation).user
    services.import_nominations(participation=participation, rows=[renamed], by=by)
    known.refresh_from_db()
    assert (known.last_name, known.reason) == ("Bello", "Ready for more")


def test_planning_takes_the_same_queries_for_one_row_and_many(count_queries):
    participation = ParticipationFactory()
    counts = [
        count_queries(
            lambda n=n: import_plan.plan(
                participation=participation, rows=[row(i, f"p{i}@e.example") for i in range(n)]
            )
        )
        for n in (1, 30)
    ]
    assert counts == [4, 4]


def test_an_import_is_whole_or_nothing():
    participation = ParticipationFactory(places={"mentee": 1})
    taken = NominationFactory(participation=ParticipationFactory(cohort=participation.cohort))
    by = CoordinatorFactory(organisation=participation.organisation).user

    with pytest.raises(services.RefusedError):
        services.import_nominations(
            participation=participation, rows=[row(2, "new@e.example"), row(3, taken.email)], by=by
        )
    assert not participation.nominations.exists()

    done = services.import_nominations(
        participation=participation, rows=[row(2, "a@e.example"), row(3, "b@e.example")], by=by
    )
    assert dict(done) == {"invite": 1, "reserve": 1}
    assert sorted(participation.nominations.values_list("state", flat=True)) == ["invited", "reserve"]


def test_the_background_task_has_the_name_that_beat_calls():
    assert expire_nominations.name == "participants.expire_nominations"
    expire_nominations()

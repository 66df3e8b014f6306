"""An address is put right while somebody holds the link that went to the wrong one."""

import pytest

from accounts.models import User
from outbox import bounces, kinds
from outbox.models import Message, Suppression
from participants import emails, links, services
from participants.services import RefusedError
from tests.factories import NominationFactory

pytestmark = pytest.mark.django_db
WRONG, RIGHT = "wrong@employer.example", "right@employer.example"


def correct(nomination, email=RIGHT):
    services.correct_address(nomination=nomination, email=email, by=None)
    nomination.refresh_from_db()


def test_a_link_that_ends_while_it_is_used_answers_nothing(client, monkeypatch):
    nomination = NominationFactory(email=WRONG)
    stranger = links.read_invitation(token := links.invitation_token(nomination))
    correct(nomination)

    # Both were read by the link before the address was put right, and waited for the lock meanwhile.
    with pytest.raises(RefusedError, match="link has ended"):
        services.accept_nomination(nomination=stranger)
    with pytest.raises(RefusedError, match="link has ended"):
        services.decline_nomination(nomination=stranger)
    read = iter([stranger, None])
    monkeypatch.setattr(links, "read_invitation", lambda _: next(read))
    assert client.post(f"/invitation/{token}/decline/").status_code == 404

    assert not User.objects.filter(email=RIGHT).exists()
    nomination.refresh_from_db()
    assert nomination.state == "invited"
    assert services.accept_nomination(nomination=nomination).user.email == RIGHT


def waiting():
    return list(Message.objects.filter(state="waiting").values_list("kind", "address"))


def test_whoever_is_written_to_elsewhere_hears_there_once_and_again_where_it_is_put_back():
    waits = NominationFactory(email=WRONG, state="reserve", reserve_position=1, place=None)
    emails.tell_reserve(waits)
    correct(waits)
    assert waiting() == [(emails.RESERVED, RIGHT)]
    Message.objects.filter(state="waiting").update(state="sent", sent_at=waits.created_at)
    correct(waits, WRONG)
    assert waiting() == [(emails.RESERVED, WRONG)]
    assert kinds.get(emails.RESERVED).still_due(Message.objects.get(state="waiting")) == ""

    Message.objects.all().delete()
    asked = NominationFactory(email="asked@employer.example")
    emails.invite(asked)
    Message.objects.update(state="failed", reason="No such mailbox")
    emails.remind(asked)
    correct(asked)
    assert waiting() == [(emails.NOMINATED, RIGHT)]
    first = Message.objects.get(state="skipped", kind=emails.NOMINATED)
    assert (first.reason, first.history()[-1][2]) == (emails.ELSEWHERE, emails.ELSEWHERE)


def test_what_was_in_hand_while_the_address_was_put_right_never_goes_to_the_old_one():
    asked = NominationFactory(email=WRONG)
    waits = NominationFactory(state="reserve", reserve_position=1, place=None)
    emails.remind(asked)
    emails.tell_reserve(waits)
    Message.objects.update(state="sending")
    correct(asked)
    correct(waits, "waits@employer.example")

    back = Message.objects.filter(state="sending")
    reasons = {message.kind: kinds.get(message.kind).still_due(message) for message in back}
    assert reasons == {emails.REMINDED: emails.ELSEWHERE, emails.RESERVED: "A newer mail has been sent."}
    # Those of an earlier release say nothing of the link: there the address tells.
    back.update(occurrence="")
    assert kinds.get(emails.RESERVED).still_due(back.get(kind=emails.RESERVED)) == emails.ELSEWHERE
    back.update(address="waits@employer.example")
    assert kinds.get(emails.RESERVED).still_due(back.get(kind=emails.RESERVED)) == ""


def test_an_address_that_mail_does_not_reach_is_no_correction():
    nomination = NominationFactory(email=WRONG)
    dead = Suppression.objects.create(address=RIGHT, why="bounced")
    with pytest.raises(RefusedError, match="says that the address does not exist"):
        correct(nomination, RIGHT.title())
    assert waiting() == []
    bounces.lift(suppression=dead, by=None)
    correct(nomination, RIGHT.title())
    assert waiting() == [(emails.NOMINATED, RIGHT)]

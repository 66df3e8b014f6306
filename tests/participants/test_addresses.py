"""An address is put right while somebody holds the link that went to the wrong one."""

import pytest

from accounts.models import User
from participants import links, services
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

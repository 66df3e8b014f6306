"""Messages go two years after they have left, with all that hangs on them, and what still waits never does."""

import datetime as dt
from collections.abc import Callable

import pytest

from accounts import clock
from outbox import bounces, retention, services
from outbox.delivery import deliver_all
from outbox.models import MailEvent, Message, MessageEvent, State
from outbox.tasks import forget_old
from tests.factories import UserFactory
from tests.outbox.conftest import Letter


def test_what_is_done_with_goes_after_two_years(
    db: None, letter: Letter, move_clock: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    ada = UserFactory()
    for occurrence in "123":
        services.queue(kind="tests.letter", about=ada, to=ada, occurrence=occurrence)
    deliver_all()
    late = services.queue(kind="tests.letter", about=ada, to=ada, occurrence="late")
    bounces.note(event_id="1", what=MailEvent.What.SOFT, address=ada.email)
    began = clock.now()
    move_clock(began + dt.timedelta(days=729))
    assert forget_old() == 0
    move_clock(began + dt.timedelta(days=731))
    assert forget_old() == 4
    assert list(Message.objects.values_list("pk", "state")) == [(late.pk, State.WAITING)]
    assert not MessageEvent.objects.exists()
    assert not MailEvent.objects.exists()
    assert forget_old() == 0

"""One walk over every page as every role, with a payload in every text of the database (S-23).

Every form is sent back with payloads too, and every mail is read. The same walk weighs the pages.
"""

from collections.abc import Container, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from accounts import clock
from accounts.models import AddressChange
from cohorts.models import BlockedDates, SessionPlan
from organisations.models import RenewalAnswer
from outbox import kinds, wording
from outbox.models import MailEvent, Message, MessageEvent, Wording
from participants.models import EligibilityDeclaration, EnrolmentChange
from privacy.models import Erasure
from privacy.services import record
from surveys.models import Comment, Question, QuestionAnswer, Response
from surveys.selectors import pages
from tests.house import xss
from tests.house.test_url_matrix import ask, client_of, url_of
from tests.house.url_table import ADMIN, ROWS
from tests.house.weight import MOST, weight_of
from tests.outbox.letters import message_of
from tests.world import EVERYBODY, VISITORS, World, build, put_letter

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("url matrix")]


TAKEN = {200, 302, 403, 404, 405, 429}  # what may come of a form that is sent
NOWHERE = {400}  # what comes of being sent on to an address that is a script
SHOWN_AT_LEAST, SEEN_AT_LEAST = 75, 800
# The ledgers are append-only; written answers are put in by hand, for they freeze their survey.
HELD_OUT = {
    "privacy.AuditEvent.data", "privacy.AuditEvent.verb", "privacy.AuditSeal.content", "privacy.ConsentEvent.how",
    "surveys.QuestionAnswer.text", "surveys.Comment.text",
}  # fmt: skip


class Walk:
    """What was wrong, what each page weighed, and which fields were seen at all."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.shown: set[int] = set()
        self.weights: dict[str, int] = {}

    def read(self, where: str, html: str) -> None:
        self.faults += [f"{where}: {fault}" for fault in xss.faults_in(html)]
        self.shown |= xss.shown_in(html)

    def visit(self, where: str, response: HttpResponse, ok: Container[int] = (200,)) -> None:
        if response.status_code not in ok:
            self.faults.append(f"{where}: {response.status_code}")
        elif response.get("Content-Type", "").startswith("text/html"):
            html = response.content.decode()
            self.read(where, html)
            self.weights[where] = weight_of(html)


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Walk]:
    folder = tmp_path_factory.mktemp("mail")
    with django_db_blocker.unblock(), override_settings(MAIL_SINK_DIR=str(folder)), transaction.atomic():
        cache.clear()  # an earlier run's rate limits
        world = build()
        world.letter = put_letter(folder)
        _what_the_world_has_none_of(world)
        fields, untouched = xss.poison()
        _what_freezes_its_survey(world)
        for value in vars(world).values():
            if isinstance(value, models.Model):
                value.refresh_from_db()
        walked = Walk()
        _visit_everything(walked, world)
        _read_every_mail(walked, world)
        walked.fields, walked.untouched = fields, untouched
        yield walked
        transaction.set_rollback(True)


def _what_the_world_has_none_of(w: World) -> None:
    """Rows of the models that no page of the matrix needs."""
    own = {"cohort": w.running}
    BlockedDates.objects.create(**own, label="Eid", first_day=clock.today(), last_day=clock.today())
    SessionPlan.objects.update_or_create(**own, number=1, defaults={"aim": "a", "prompts": "p", "preparation": "r"})
    Question.objects.create(survey=w.new_survey, position=1, kind="single", text="Why?", hint="h", options="a")
    EnrolmentChange.objects.create(enrolment=w.mentee, state="enrolled", note="n")
    EligibilityDeclaration.objects.update_or_create(enrolment=w.started, defaults={"wording": "w"})
    MessageEvent.objects.create(message=Message.objects.first(), state="failed", why="w")
    MailEvent.objects.create(event_id="1", what="soft", address="a@b.example")
    Wording.objects.create(kind="circles.announcement", number=1, subject="s", body="{{ text }}", fault="f")
    AddressChange.objects.create(user=w.people["stranger"], address="new@b.example", asked_by=w.people["lead"])
    RenewalAnswer.objects.create(
        participation=w.participation, cohort=w.recruiting, again=False, note="n", answered_at=clock.now()
    )
    Erasure.objects.create(
        user=w.mentor.user, by_themselves=True, due_on=clock.today(), outcome="refused", why_refused="w",
        answered_at=clock.now(),
    )  # fmt: skip
    about = {"about": w.mentee, "reason": xss.LONG.format(998)}  # the trail can't be changed afterwards
    record(by=w.people["lead"], verb="enrolment.withdrawn", **about)


def _what_freezes_its_survey(w: World) -> None:
    """A written answer and what the team made of it: from now on no word of their survey changes."""
    question = Question.objects.create(survey=w.new_survey, position=2, kind="long", text="Why?")
    response = Response.objects.create(survey=w.new_survey, participant_key="k")
    answer = QuestionAnswer.objects.create(response=response, question=question, text=xss.LONG.format(997))
    Comment.objects.create(answer=answer, text=xss.LONG.format(996), shown=True)


def _visit_everything(walk: Walk, w: World) -> None:
    sent = set()
    for role in EVERYBODY:
        client = client_of(w, role)
        for url in dict.fromkeys(addresses(w, role)):
            response = ask(client, "get", url)
            walk.visit(f"{role} at {url}", response, NOWHERE if url.startswith("/join/") else {200})
            if (data := sent_back(response)) and url not in sent:
                sent.add(url)
                walk.visit(f"{role} sends {url}", ask(client, "post", url, data), TAKEN)
    walk.visit("a search", ask(Client(), "get", "/questions/", {"q": xss.SHORT.format(999)}))


def _read_every_mail(walk: Walk, w: World) -> None:
    for kind in kinds.every():
        mail = wording.render(kind, kind.context(message_of(kind, w, occurrence="xss")))
        walk.read(kind.key, mail.html)


def addresses(w: World, role: str) -> Iterator[str]:
    """What this role may look at and nobody else sees the very same of."""
    for row in ROWS:
        public = row.answers["anonymous"] == 200 and role not in VISITORS
        if row.method == "get" and row.answers[role] == 200 and not public:
            yield url_of(row, w, role)
    if role == "lead":  # a survey that somebody has answered holds every payload out; this one nobody has
        for number in range(1, len(pages(w.new_survey)) + 2):
            yield reverse("admin:survey_preview", args=[w.new_survey.pk, number])
    for model, letters in ADMIN.items():
        name, key = f"admin:{model.replace('.', '_')}_", [w.rows[model].pk]
        for page, letter in {"changelist": "l", "add": "a", "change": "v", "delete": "d", "history": "v"}.items():
            if letter in letters.get(role, "-"):
                yield reverse(name + page, args=[] if page in {"changelist", "add"} else key)


def sent_back(response: HttpResponse) -> dict[str, str]:
    """A payload for every field of the page's form."""
    form = (response.context or {}).get("form")
    names = [form.add_prefix(name) for name in getattr(form, "fields", {})]
    return dict.fromkeys(names, xss.LONG.format(999))


def test_no_text_becomes_a_part_of_any_page_or_mail(walk: Walk) -> None:
    assert not walk.faults, "\n".join(walk.faults)
    assert walk.untouched == HELD_OUT
    assert len(walk.shown) > SHOWN_AT_LEAST  # the payloads are where people look, as text
    # The same walk, which takes its time, weighs the first visit of each page.
    heavy = {where: weight for where, weight in walk.weights.items() if weight > MOST}
    assert len(walk.weights) > SEEN_AT_LEAST
    assert not heavy


@pytest.mark.parametrize(
    "planted",
    [
        f"<p>{xss.LONG.format(1)}</p>",
        f'<input value="{xss.SHORT.format(1)}">',
        f"<input value='{xss.SHORT.format(1)}'>",
        f'<a href="{xss.LINK.format(1)}">x</a>',
        '<a href="java\nscript:x()">x</a>',
        '<script type="application/json">{"a": "</b>"}</script>',
        "<script>x()</script>",
    ],
)
def test_the_eye_sees_what_is_planted(planted: str) -> None:
    assert xss.faults_in(planted)

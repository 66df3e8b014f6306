"""The words of messages: what each kind may say, what is refused, and what happens when words break."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from outbox import batch, kinds, rendering, sandbox, wording
from outbox.delivery import deliver_all
from outbox.models import Message, State, Wording
from outbox.rendering import Url, shipped
from outbox.services import queue
from outbox.wording_check import check, sample
from privacy.models import AuditEvent
from tests.factories import StaffFactory, UserFactory
from tests.outbox.conftest import Letter
from tests.outbox.letters import message_of
from tests.outbox.sink import Sink
from tests.world import World, build

REPLY = kinds.get("circles.session_reply")
CODE = kinds.get("account.login_code")
GOOD = "Hello {{ first_name }},\n\n{{ when }}\n\n[Say whether you come]({{ reply_url }})\n"


@pytest.fixture
def world(db: None) -> World:
    return build()


# --- declared and given ---------------------------------------------------------------------------
@pytest.mark.django_db
def test_every_kind_declares_exactly_the_variables_that_it_gives(world: World) -> None:
    for kind in kinds.every():
        given = kind.context(message_of(kind, world))
        assert {variable.name for variable in kind.variables} == set(given), kind.key
        invented = sample(kind)
        for name, value in given.items():
            assert isinstance(value, Url) <= isinstance(invented[name], str), f"{kind.key}: {name}"
            assert isinstance(value, bool) == isinstance(invented[name], bool), f"{kind.key}: {name}"


@pytest.mark.parametrize("kind", kinds.every(), ids=lambda kind: kind.key)
def test_the_shipped_words_pass_their_own_check(kind: kinds.MessageKind) -> None:
    subject, body, _ = shipped(kind.template)
    assert check(kind, subject, body).of == {}


def test_a_required_variable_is_one_of_the_kind() -> None:
    for kind in kinds.every():
        assert set(kind.required) <= {variable.name for variable in kind.variables}, kind.key


# --- what is refused ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("subject", "body", "part", "words"),
    [
        ("", GOOD, "subject", "Enter a subject."),
        ("   ", GOOD, "subject", "Enter a subject."),
        ("One\nBcc: everybody@evil.example", GOOD, "subject", "one line"),
        ("{% if changed %}Changed{% endif %}", GOOD, "subject", "With some values the subject is empty"),
        ("Black colleagues meet", GOOD, "subject", "Leave “Black” out of the subject"),
        ("{{ fist_name }}", GOOD, "subject", "there is no “fist_name” in this message. Did you mean “first_name”?"),
        ("Hi", "", "body", "is missing"),
        ("Hi", "x\n\n{{ fist_name }}\n" + GOOD, "body", "Line 3: there is no “fist_name”"),
        ("Hi", GOOD + "{{ secret.key }}", "body", "there is no “secret.key”"),
        ("Hi", GOOD + "{{ first_name.__class__ }}", "body", "is not a name"),
        ("Hi", GOOD + "{% if nothing and leads %}x{% endif %}", "body", "there is no “nothing”"),
        ("Hi", GOOD + "{% for x in names %}{{ x }}{% endfor %}", "body", "there is no “names”"),
        ("Hi", GOOD + "{{ first_name|default:nobody }}", "body", "there is no “nobody”"),
        ("Hi", "{% load ui %}\n" + GOOD, "body", "Line 1: “{% load %}” can’t be used"),
        ("Hi", GOOD + "{% include 'base.html' %}", "body", "“{% include %}” can’t be used"),
        ("Hi", GOOD + "{% url 'admin:index' %}", "body", "“{% url %}” can’t be used"),
        ("Hi", GOOD + "{% debug %}", "body", "“{% debug %}” can’t be used"),
        ("Hi", GOOD + "{{ first_name|safe }}", "body", "“|safe” can’t be used"),
        ("Hi", GOOD + "{{ first_name", "body", "Line 6: “{{” is not closed"),
        ("Hi", GOOD + "first_name }}", "body", "“}}” closes nothing"),
        ("Hi", GOOD + "{% if changed %}x", "body", "Line 6: “{% if %}” is not closed"),
        ("Hi", GOOD + "{% endif %}", "body", "stands where nothing is open"),
        ("Hi", GOOD + "{{ }}", "body", "is not a name"),
        ("Hi", GOOD + "{% if %}x{% endif %}", "body", "Line 6"),
        ("Hi", "{{ when }}", "body", "“[words]({{ reply_url }})” (the person’s own page"),
        ("Hi", "{{ when }}{% if online %}[Reply now]({{ reply_url }}){% endif %}", "body", "outside the “if”"),
        ("Hi", "{{ when }} {{ reply_url }}", "body", "as a link that can be tapped"),
        ("Hi", GOOD + "\n# Big\n", "body", "Headings begin with “## ”"),
        ("Hi", GOOD + "\nBig\n===\n", "body", "Headings begin with “## ”"),
        ("Hi", GOOD + "\n![x](https://evil.example/x.png)", "body", "Pictures are not shown"),
        ("Hi", GOOD + "\n[Click here!](https://charity.example/)", "body", "does not say where it leads"),
        ("Hi", GOOD + "\nSee [our page](https://charity.example/).", "body", "Let the link “our page” end its line"),
        ("Hi", GOOD + "\n[Our café](https://charity.example/café)", "body", "would not be in the plain text"),
    ],
)  # fmt: skip
def test_broken_words_are_refused_and_it_says_where(subject: str, body: str, part: str, words: str) -> None:
    found = check(REPLY, subject, body).of
    assert words in " ".join(found.get(part, [])), found


def test_good_words_are_not_refused() -> None:
    assert check(REPLY, "{% if online %}Online{% else %}Room{% endif %}: session {{ number }}", GOOD).of == {}


OWN = (
    "<p>Hello {{ first_name }},</p>\n<p><strong>{{ when }}</strong></p>\n"
    '<p><a class="button" href="{{ reply_url }}">Say whether you come</a></p>\n'
)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        (OWN, ""),
        (OWN + '<table role="presentation"><tr><td>A{% if online %}<br>B{% endif %}</td></tr></table>', ""),
        (OWN.replace("{{ when }}", "soon"), "The text says “when” and the HTML does not"),
        (OWN + "<p>{{ where }}</p>", "The HTML says “where” and the text does not"),
        (OWN.replace("{{ when }}", "{% if online %}{{ when }}{% endif %}"), "The text says “when” and the HTML does"),
        (OWN.replace("Say whether you come", "Click here"), "does not say where it leads"),
        (OWN + '<p><a href="https://charity.example/">Our page</a></p>', "would not be in the plain text"),
        (OWN + "<h1>Big</h1>", "“<h1>” can’t be used"),
        (OWN + '<img src="https://evil.example/x.png">', "“<img>” can’t be used"),
        (OWN + "<script>x</script>", "“<script>” can’t be used"),
        (OWN + '<p style="color: red">x</p>', "“style” can’t be used"),
        (OWN + "<!-- x -->", "Take out what stands between"),
        (OWN + "<p>x", "“<p>” is not closed"),
        (OWN + "x</ul>", "closes nothing"),
        (OWN + "<table><tr><td>x</td></tr></table>", "it is for the layout alone"),
        (OWN.replace('"{{ reply_url }}"', '"javascript:x()"'), "A link leads to"),
        (OWN.replace("<strong>", "<strong {{ first_name }}>"), "can’t be used in “<strong>”"),
        (OWN.replace('"button"', "{{ first_name }}"), "can’t be used in “<a>”"),
        (OWN + "{{ fist_name }}", "Line 4: there is no “fist_name”"),
        (OWN + "{{ first_name|safe }}", "“|safe” can’t be used"),
    ],
)
def test_html_of_its_own_says_what_the_text_says_and_can_do_no_harm(html: str, words: str) -> None:
    found = check(REPLY, "Hi", GOOD, html).of
    assert (words in " ".join(found.get("html", []))) if words else not found, found


def test_html_of_its_own_is_sent_with_each_value_escaped() -> None:
    text, refuse = "Dear {{ name }}: {{ text }}", Url("https://us.example/u/1?a=b&c=d")
    values = {"name": "<b>Nia</b> & *Co*\n\nLtd", "text": rendering.Markdown("**Soon**")}
    mail = rendering.fill(sandbox.pair("s", text, html="<p>Dear {{ name }}: {{ text }}</p>"), values, refuse)
    assert "<p>Dear &lt;b&gt;Nia&lt;/b&gt; &amp; *Co*<br><br>Ltd: <strong>Soon</strong></p>" in mail.html
    assert '<p><a href="https://us.example/u/1?a=b&amp;c=d">Choose not to get mail like this</a></p>' in mail.html
    assert mail.text.startswith("Dear <b>Nia</b> & *Co*\n\nLtd: Soon")
    assert mail.html.count("<h1>") == 1


def test_a_sign_in_mail_without_its_code_is_refused() -> None:
    assert "is missing" in check(CODE, "Your code", "Hello {{ first_name }}").of["body"][0]


# --- sending --------------------------------------------------------------------------------------
@pytest.fixture
def ada(db: None) -> User:
    return UserFactory(email="ada@employer.example", first_name="Ada")


@pytest.fixture
def kind(letter: Letter, monkeypatch: pytest.MonkeyPatch) -> kinds.MessageKind:
    """The tests' kind, with its one variable declared."""
    import dataclasses

    made = dataclasses.replace(
        kinds.get("tests.letter"), variables=(kinds.Variable("first_name", "The first name", "Nia"),)
    )
    monkeypatch.setitem(kinds._kinds, "tests.letter", made)
    return made


def put(kind: kinds.MessageKind, **values: Any) -> Wording:
    return Wording.objects.create(**{"kind": kind.key, "number": 1, "subject": "Ours", "body": "Words"} | values)


def test_the_words_of_the_team_are_sent(ada: User, kind: kinds.MessageKind, sink: Sink) -> None:
    wording.change(
        kind=kind, subject="Dear {{ first_name }}", body="*Ours*, {{ first_name }}.", started_from=0, by=StaffFactory()
    )
    queue(kind=kind.key, about=ada, to=ada)
    deliver_all()
    (mail,) = sink.received
    assert mail["Subject"] == "Dear Ada"
    assert "<em>Ours</em>, Ada." in mail.get_body(("html",)).get_content()
    assert AuditEvent.objects.get(verb="wording.changed").data == {"kind": kind.key, "number": 1}


BROKEN = [
    {"subject": "Hi {% load ui %}"},
    {"body": "{{ gone }}"},
    {"subject": "{% if first_name %}{% else %}x{% endif %}"},
    {"body": "{% for x in first_name %}"},
]


@pytest.mark.parametrize("values", BROKEN)
def test_broken_words_never_stop_a_message_and_staff_are_told(
    ada: User, kind: kinds.MessageKind, sink: Sink, values: dict[str, str]
) -> None:
    put(kind, **values)
    queue(kind=kind.key, about=ada, to=ada)
    deliver_all()
    assert sink.received[0]["Subject"] == "A letter to Ada"
    assert Message.objects.get().state == State.SENT
    ((found, row),) = wording.broken()
    assert found.key == kind.key
    assert row.fault


def test_the_words_are_read_once_for_a_whole_batch(
    ada: User, kind: kinds.MessageKind, count_queries: Callable[[Callable], int]
) -> None:
    put(kind, body="{{ first_name }}")

    def render(times: int) -> None:
        with batch.begun():
            for _ in range(times):
                assert wording.render(kind, {"first_name": "Ada"}).subject == "Ours"

    assert count_queries(lambda: render(1)) == count_queries(lambda: render(20)) == 1


def test_words_are_compiled_once(kind: kinds.MessageKind) -> None:
    assert sandbox.pair("s", "b") is sandbox.pair("s", "b")


# --- changing and taking back ---------------------------------------------------------------------
def test_the_shipped_words_come_back_and_nothing_is_lost(ada: User, kind: kinds.MessageKind) -> None:
    staff = StaffFactory()
    wording.change(kind=kind, subject="One", body="1", started_from=0, by=staff)
    wording.ship(kind=kind, started_from=1, by=staff)
    assert wording.in_use(kind) is None
    assert wording.render(kind, {"first_name": "Ada"}).subject == "A letter to Ada"
    assert list(Wording.objects.order_by("number").values_list("subject", flat=True)) == ["One", ""]


def test_whoever_began_from_older_words_does_not_write_over_newer_ones(kind: kinds.MessageKind, db: None) -> None:
    staff = StaffFactory()
    wording.change(kind=kind, subject="One", body="1", started_from=0, by=staff)
    with pytest.raises(wording.StaleWordingError):
        wording.change(kind=kind, subject="Two", body="2", started_from=0, by=staff)
    assert Wording.objects.get().subject == "One"


def test_broken_words_are_not_saved(kind: kinds.MessageKind, db: None) -> None:
    with pytest.raises(ValueError, match="no “gone”"):
        wording.change(kind=kind, subject="One", body="{{ gone }}", started_from=0, by=StaffFactory())
    assert not Wording.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_first_versions_at_one_moment_are_one(kind: kinds.MessageKind) -> None:
    staff, start, lost = StaffFactory(), threading.Barrier(2), []

    def write(subject: str) -> None:
        start.wait()
        try:
            wording.change(kind=kind, subject=subject, body="1", started_from=0, by=staff)
        except wording.StaleWordingError:
            lost.append(subject)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[subject]) for subject in ("A", "B")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lost) == 1
    assert Wording.objects.count() == 1


# --- previewing -----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_preview_shows_real_words_and_invented_links(world: World) -> None:
    kind = kinds.get("participants.nominated")
    message = message_of(kind, world)
    seen = wording.preview(kind, "Hi {{ first_name }}", "[Accept the place]({{ accept_url }})", message)
    assert seen.mail.subject == "Hi Nadia"
    assert "/invitation/abc/" in seen.mail.text
    assert world.invitation not in seen.mail.text + seen.mail.html


@pytest.mark.django_db
def test_codes_are_not_shown_to_staff(world: World) -> None:
    message_of(CODE, world)
    assert wording.recent(CODE) == []


def test_what_was_said_in_confidence_is_shown_to_nobody_as_a_preview(world: World) -> None:
    confided = [kind for kind in kinds.every() if kind.known_to is not None]
    assert Message.objects.filter(kind__in=[kind.key for kind in confided]).exists()
    assert [wording.recent(kind) for kind in confided] == [[] for _ in confided]


@pytest.mark.django_db
def test_a_message_whose_object_has_gone_is_shown_with_invented_values(world: World) -> None:
    message = message_of(REPLY, world)
    world.mentee.memberships.all().delete()
    Message.objects.filter(pk=message.pk).update(object_id=world.missing)
    message = Message.objects.get(pk=message.pk)
    seen = wording.preview(REPLY, "Hi {{ first_name }}", GOOD, message)
    assert (seen.on, seen.mail.subject) == ("Invented values", "Hi Nia")
    assert seen.note


def test_a_person_cannot_write_markup_into_the_words_of_the_team(kind: kinds.MessageKind) -> None:
    mail = rendering.fill(sandbox.pair("{{ first_name }}", "{{ first_name }}"), {"first_name": "{{ code }} **x**"})
    assert "{{ code }} **x**" in mail.text
    assert "<strong>" not in mail.html

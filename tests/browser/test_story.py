"""One cohort from the first enquiry to the closing ceremony, from an empty database, as the people in it live it.

Staff, two coordinators, a mentor and two mentees in turn, each in a browser of their own; links and codes are read from
the mail that was really sent; six months pass by moving the one clock; Celery does the sending.
"""

import datetime as dt
import re
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from accounts import clock
from accounts.models import User
from circles.models import Attendance, Certificate, Session
from cohorts.models import Cohort, StaffAssignment
from tests.browser.conftest import links_in
from tests.browser.story import (
    COORDINATOR,
    LEAD,
    MENTEES,
    MENTOR,
    SECOND_COORDINATOR,
    START,
    Story,
    accept_and_enrol,
    answer_survey,
    confirm,
    make_cohort,
    nominate_mentees,
    nominate_mentor_by_file,
    register_interest,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("story"),
]


@pytest.fixture
def story(visit, mailbox, product) -> Story:  # type: ignore[no-untyped-def]
    clock.move_to(START)
    lead = User.objects.create_user(LEAD, first_name="Lea", last_name="Lead", is_staff=True)
    StaffAssignment.objects.create(user=lead, role="lead")
    return Story(visit, mailbox, product)


def london(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=clock.LONDON)


def form_circles(story: Story) -> None:
    """Watch it run, read the proposal, check a move by hand, publish. Nobody is told before, everybody after."""
    page = story.sign_in(LEAD)
    page.goto("/admin/cohorts/cohort/")
    page.get_by_role("link", name="Cohort 15").first.click()
    story.looked_at(page)
    page.get_by_role("link", name="Form circles").first.click()
    story.looked_at(page)
    page.get_by_label("How long may it take?").select_option(label="10 seconds")
    story.press(page, "Form circles")
    expect(page.get_by_role("link", name="Review and publish")).to_be_visible(timeout=60_000)
    story.looked_at(page)
    expect(page.locator("main")).to_contain_text("Led by Mo Birch")
    page.get_by_role("link", name="Move Mina Ashdown").click()
    places = page.get_by_role("dialog", name="Move Mina Ashdown")
    expect(places.locator("[data-key=waiting]")).to_contain_text("unless somebody is held there")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Review and publish").click()
    story.looked_at(page)
    told_before = [mail["Subject"] for mail in story.mailbox.messages if "circle" in mail["Subject"].casefold()]
    assert told_before == []
    story.press(page, "Publish and tell 3 people")
    for email in (MENTEES[0][2], MENTEES[1][2], MENTOR[2]):
        story.mailbox.wait_for(email, "Your mentoring circle")


def calendar_of(mail: EmailMessage) -> Any:
    """The one event of a calendar invitation, with the method that its MIME part and its calendar agree on."""
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(part.get_content())
    assert part.get_param("method") == str(calendar["METHOD"])
    (event,) = calendar.walk("VEVENT")
    return event


def check_invitations(story: Story) -> None:
    """Six sessions each, in the calendar of one person a message, at half past twelve whatever the season."""
    for email in (MENTEES[0][2], MENTEES[1][2], MENTOR[2]):
        for number in range(1, 7):
            story.mailbox.wait_for(email, f"session {number}")
        events = [calendar_of(mail) for mail in story.mailbox.to(email) if " session " in mail["Subject"]]
        assert len({str(event["UID"]) for event in events}) == 6
        assert {clock.local(event["DTSTART"].dt).strftime("%A %H:%M") for event in events} == {"Tuesday 12:30"}
        for event in events:
            assert str(event["ATTENDEE"]) == f"mailto:{email}"
            assert "circle" not in str(event["SUMMARY"]).casefold()
        story.mailbox.wait_for(email, "Mentoring event")


def move_first_session(story: Story) -> None:
    """The mentor moves the first session by two days; every calendar is told, under the same identifier."""
    page = story.browser_of(MENTOR[2])
    page.goto("/home/")
    story.looked_at(page)
    page.get_by_role("link", name="Circle 1").first.click()
    story.looked_at(page)
    page.get_by_role("link", name="More about session 1").click()
    story.looked_at(page)
    page.get_by_role("link", name="Move or change").click()
    page.get_by_label("Day").fill("")
    story.press(page, "Save the change")
    expect(page.get_by_role("alert").first).to_contain_text("There is a problem")
    story.looked_at(page)
    page.get_by_label("Day").fill("2026-10-15")
    story.press(page, "Save the change")
    for email in (MENTEES[0][2], MENTOR[2]):
        changed = calendar_of(story.mailbox.wait_for(email, "Changed"))
        assert clock.local(changed["DTSTART"].dt) == london("2026-10-15T12:30")
        first = next(calendar_of(m) for m in story.mailbox.to(email) if "session 1," in m["Subject"])
        assert (changed["UID"], changed["SEQUENCE"]) == (first["UID"], first["SEQUENCE"] + 1)


def reply(story: Story) -> None:
    """Mina answers in one tap from the mail. Looking at the link's page changes nothing."""
    email = MENTEES[0][2]
    link = next(link for link in links_in(story.mailbox.wait_for(email, "Changed")) if "/reply/" in link)
    page = story.browser_of(email)
    page.goto(link)
    story.looked_at(page)
    assert not Attendance.objects.exclude(reply="").exists()
    story.press(page, "Save this answer")
    assert Attendance.objects.get(session__number=1, enrolment__user__email=email).reply == "yes"


def remind(story: Story) -> None:
    """Seven days before, exactly those who have not answered are reminded; a day before, those who are coming."""
    clock.move_to(london("2026-10-08T13:00"))
    for email in (MENTEES[1][2], MENTOR[2]):
        story.mailbox.wait_for(email, "Will you come? Mentoring session 1")
    clock.move_to(london("2026-10-14T13:00"))
    story.mailbox.wait_for(MENTEES[0][2], "See you soon")
    asked = [mail["To"] for mail in story.mailbox.messages if "Will you come? Mentoring session 1" in mail["Subject"]]
    assert len(asked) == 2, asked
    assert not any(MENTEES[0][2] in to for to in asked)


def live_six_months(story: Story) -> None:
    """After each session the mentor records who was there: Mina always, Milo three times."""
    page = story.sign_in(MENTOR[2])
    for session in Session.objects.order_by("starts_at"):
        clock.move_to(session.ends_at + dt.timedelta(minutes=10))
        page.goto(f"/session/{session.pk}/attendance/")
        if session.number == 1:
            story.looked_at(page)
        for first, last, _ in [*MENTEES, MENTOR]:
            came = first != "Milo" or session.number <= 3
            page.get_by_label(re.compile(f"{first} {last}")).set_checked(came)
        story.press(page, "Save attendance")
    attended = Attendance.objects.filter(attended=True)
    assert attended.filter(enrolment__user__first_name="Mina").count() == 6
    assert attended.filter(enrolment__user__first_name="Milo").count() == 3


def see_progress(story: Story) -> None:
    """The second survey opens by itself when the sessions are over; then each sees their own change, nobody else."""
    before = len(story.mailbox.messages)
    ended = Session.objects.order_by("-starts_at").first().ends_at
    clock.move_to(clock.local(ended + dt.timedelta(days=1)).replace(hour=10, minute=0))
    addresses = {}
    for _, _, email in [*MENTEES, MENTOR]:
        mail = story.mailbox.wait_for(email, "A few questions for you", since=before)
        page = story.sign_in(email)
        page.goto(next(link for link in links_in(mail) if "/survey/" in link))
        answer_survey(story, page, 2)
        page.get_by_role("link", name="See my progress").click()
        expect(page.locator("main svg").first).to_be_visible()
        expect(page.get_by_role("table", name="Scores before and after")).to_contain_text("Before")
        story.looked_at(page)
        addresses[email] = page.url
    mina = addresses[MENTEES[0][2]]
    for other in (MENTEES[1][2], MENTOR[2], LEAD, COORDINATOR):
        assert story.sign_in(other).goto(mina).status == 404, other


def close(story: Story) -> None:
    """Certificates for those who came often enough; no figure on three people; the public figures grow."""
    clock.move_to(london("2027-04-09T10:00"))
    page = story.sign_in(LEAD)
    cohort = Cohort.objects.get()
    page.goto(f"/admin/cohort/{cohort.pk}/")
    page.get_by_role("link", name="Close the cohort").first.click()
    story.looked_at(page)
    story.press(page, re.compile("^Close Cohort 15"))
    mail = story.mailbox.wait_for(MENTEES[0][2], "certificate")
    story.mailbox.wait_for(MENTOR[2], "certificate")
    assert not [m for m in story.mailbox.to(MENTEES[1][2]) if "certificate" in m["Subject"].casefold()]
    page.goto(f"/admin/cohort/{cohort.pk}/impact/")
    story.looked_at(page)
    expect(page.locator("main, #content").first).to_contain_text("no comparison group")
    assert not re.search(r"g_z\s*=?\s*-?\d|95 % CI\s*-?\d", page.locator("body").inner_text())
    check_certificate(story, mail)
    public = story.browser_of("visitor for Ashdown Rail")
    public.goto("/")
    for figure in ("69", "1,771", "293"):
        expect(public.locator("main")).to_contain_text(figure)


def check_certificate(story: Story, mail: EmailMessage) -> None:
    """It is a PDF that its owner downloads and anybody with the address can check."""
    page = story.browser_of(MENTEES[0][2])
    certificate = Certificate.objects.get(enrolment__user__email=MENTEES[0][2])
    answer = page.request.get(f"/certificate/{certificate.pk}/certificate.pdf")
    assert answer.body().startswith(b"%PDF-")
    stranger = story.browser_of("visitor for Birch Energy")
    stranger.goto(f"/certificates/{certificate.code}/")
    expect(stranger.locator("main")).to_contain_text("Mina Ashdown")
    story.looked_at(stranger)
    assert links_in(mail)


def test_one_cohort_from_enquiry_to_close(story: Story, tmp_path: Path) -> None:
    make_cohort(story)
    register_interest(story, "Ashdown Rail", "Cora Ashdown", COORDINATOR)
    register_interest(story, "Birch Energy", "Cem Birch", SECOND_COORDINATOR)
    confirm(story, "Ashdown Rail", {"mentee": 2, "mentor": 0}, ("Cora", "Ashdown", COORDINATOR))
    confirm(story, "Birch Energy", {"mentee": 0, "mentor": 1}, ("Cem", "Birch", SECOND_COORDINATOR))
    nominate_mentees(story)
    nominate_mentor_by_file(story, tmp_path)
    for email in (MENTEES[0][2], MENTEES[1][2], MENTOR[2]):
        accept_and_enrol(story, email)
        page = story.browser_of(email)
        page.get_by_role("link", name="Start the survey").click()
        answer_survey(story, page, 1)
    clock.move_to(london("2026-09-02T10:00"))
    form_circles(story)
    check_invitations(story)
    move_first_session(story)
    reply(story)
    remind(story)
    live_six_months(story)
    see_progress(story)
    close(story)
    story.no_faults()

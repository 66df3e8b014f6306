"""A survey on a phone whose network goes away in the middle of a page and comes back: nothing is lost."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts import clock
from circles.models import Session
from participants.models import Enrolment
from surveys.models import Answer, Response, Survey
from surveys.selectors import pages
from surveys.services import ensure_surveys
from tests.browser.pages import Visitor, assert_accessible, assert_no_sideways_scroll, sign_in_as
from tests.factories import CohortFactory, EnrolmentFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("survey")]
PHONE = {"width": 360, "height": 780}


@pytest.fixture
def person() -> Enrolment:
    cohort = CohortFactory(launch=clock.today() + dt.timedelta(days=10))
    ensure_surveys(cohort=cohort)
    assert not Session.objects.exists()
    return EnrolmentFactory(cohort=cohort, completed_at=clock.now())


def choose(page: Page, words: str) -> None:
    """One answer to every statement of the page, as a finger would give it."""
    for group in page.locator("main fieldset").all():
        group.get_by_text(words, exact=True).click()


def test_offline_in_mid_page_and_back(live_server, person: Enrolment, visit: Callable[..., Visitor]) -> None:  # type: ignore[no-untyped-def]  # pytest-django's fixture
    survey = Survey.objects.get(cohort=person.cohort, wave="pre")
    visitor = visit("mentee", viewport=PHONE, has_touch=True, is_mobile=True)
    page = sign_in_as(visitor, person.user, live_server.url)
    page.goto(reverse("portal:survey", args=[survey.pk]))
    page.get_by_role("link", name="Start").click()
    assert_no_sideways_scroll(page)
    assert_accessible(page)

    page.locator("main fieldset").first.get_by_text("Disagree", exact=True).click()
    expect(page.get_by_role("status").get_by_text("Your answers are kept.")).to_be_visible()
    page.context.set_offline(True)
    choose(page, "Agree")
    expect(page.get_by_text("You seem to be offline.")).to_be_visible()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("radio", name="Agree", exact=True, checked=True)).to_have_count(8)
    assert page.url.endswith("/page/1/")
    page.context.set_offline(False)
    page.wait_for_url("**/page/2/")
    assert set(Answer.objects.values_list("value", flat=True)) == {4}

    for number in range(2, len(pages(survey)) + 1):
        page.wait_for_url(f"**/page/{number}/")
        choose(page, "Agree")
        page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("button", name="Hand in my answers").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert Response.objects.get().submitted_at is not None
    visitor.faults = [fault for fault in visitor.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
    visitor.no_faults()


def test_a_fault_of_ours_while_a_page_is_saved_loses_nothing(
    live_server, person: Enrolment, visit: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]  # pytest-django's fixture
    """Without the script from the page that says so; with it on the page itself, which goes on trying."""
    survey = Survey.objects.get(cohort=person.cohort, wave="pre")
    plain, scripted = visit("mentee", viewport=PHONE, java_script_enabled=False), visit("mentee", viewport=PHONE)
    page = sign_in_as(plain, person.user, live_server.url)
    page.goto(reverse("portal:survey_page", args=[survey.pk, 1]))
    choose(page, "Agree")
    with monkeypatch.context() as broken:
        broken.setattr("surveys.services.save_page", lambda **_: 1 / 0)
        page.get_by_role("button", name="Save and continue").click()
        expect(page.get_by_role("heading", name="Sorry, something went wrong")).to_be_visible()
    page.get_by_role("button", name="Send it again").click()
    page.wait_for_url("**/page/2/")
    assert list(Answer.objects.values_list("value", flat=True)) == [4] * 8

    page = sign_in_as(scripted, person.user, live_server.url)
    page.goto(reverse("portal:survey_page", args=[survey.pk, 2]))
    with monkeypatch.context() as broken:
        broken.setattr("surveys.services.save_page", lambda **_: 1 / 0)
        choose(page, "Disagree")
        page.get_by_role("button", name="Save and continue").click()
        expect(page.get_by_text("We can’t save at the moment.")).to_be_visible()
        expect(page.get_by_role("radio", name="Disagree", exact=True, checked=True)).to_have_count(4)
    page.wait_for_url("**/page/3/")
    assert sorted(Answer.objects.values_list("value", flat=True)) == [2] * 4 + [4] * 8
    for visitor in (plain, scripted):
        visitor.faults = [fault for fault in visitor.faults if not fault.startswith("500 at")]
        visitor.no_faults()

"""A few pages in a real browser with a payload in every text: nothing runs, and nothing even tries to."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.browser.pages import Visitor
from tests.browser.test_pages import sign_in
from tests.house import xss
from tests.world import World, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("mails")]


def riskiest(w: World) -> dict[str, list[str]]:
    """Where a page is drawn by a script, holds what a colleague wrote, or data in a block."""
    return {
        "anonymous": ["/", f"/questions/?q={xss.SHORT.format(999)}", reverse("portal:invitation", args=[w.invitation])],
        "mentor": [
            reverse("portal:circle", args=[w.circle.pk]),
            reverse("portal:notices", args=[w.circle.pk]),
            reverse("portal:session", args=[w.session.pk]),
        ],
        "mentee": [
            reverse("portal:home"),
            reverse("portal:circle_plan", args=[w.circle.pk]),
            reverse("portal:survey_page", args=[w.survey.pk, 1]),
            reverse("portal:progress", args=[w.mentee.pk]),
            reverse("portal:reflections", args=[w.mentee.pk]),
        ],
        "coordinator": [
            reverse("portal:organisation", args=[w.recruiting_participation.pk]),
            reverse("portal:recruiting_words", args=[w.recruiting_participation.pk]),
            reverse("portal:organisation_evidence", args=[w.participation.pk]),
        ],
        "lead": [
            reverse("admin:index"),
            reverse("admin:cohort_page", args=[w.running.pk]),
            reverse("admin:circles_concern_change", args=[w.concern.pk]),
            reverse("admin:participants_enrolment_change", args=[w.mentee.pk]),
            reverse("admin:wording", args=["circles.announcement"]),
            reverse("admin:formation_board", args=[w.recruiting.pk]),
        ],
    }


def test_nothing_runs(live_server, settings, tmp_path: Path, visit: Callable[..., Visitor]) -> None:  # type: ignore[no-untyped-def]  # fixtures
    settings.BASE_URL, settings.MAIL_SINK_DIR = live_server.url, str(tmp_path)
    cache.clear()
    w = build()
    xss.poison()
    for role, urls in riskiest(w).items():
        visitor = visit(role)
        page = visitor.page
        page.on("dialog", lambda dialog, v=visitor: (v.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        sign_in(visitor, w, role)
        for url in urls:
            visitor.go(url)
            assert page.locator("x-s, img[onerror]").count() == 0
            visitor.no_faults()
    # The lead's last page is the board: its list of places is written by a script.
    page.locator("[data-person] a").filter(has_text="Move").first.click()
    page.locator("[data-picker-list] li").first.wait_for()
    assert page.locator("x-s, img[onerror]").count() == 0
    visitor.no_faults()

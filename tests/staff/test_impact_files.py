"""Released figures as files: the same cell is the same figure in all of them, and none is run as a formula."""

import csv
import io
import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from organisations.models import Participation
from privacy.models import AuditEvent
from staff.impact_files import as_csv, as_xlsx, safe
from surveys.models import IntruderTest, Publication
from surveys.printed import change_words
from surveys.selectors import released_figures
from surveys.services import close_cohort, release_snapshot
from surveys.services.publishing import follow
from tests.factories import CoordinatorFactory, StaffFactory
from tests.surveys.people import AFTER, BEFORE, answer_all, cohort_with_sessions, seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(move_clock):  # type: ignore[no-untyped-def]
    def make(count: int, number: int = 31):  # type: ignore[no-untyped-def]
        move_clock(BEFORE)
        cohort = cohort_with_sessions(number=number)
        people = [seated(cohort) for _ in range(count)]
        answer_all(people, "pre", 1, 3)
        move_clock(AFTER)
        answer_all(people, "post", 2, 4)
        close_cohort(cohort=cohort, by=None)
        return cohort

    return make


@pytest.fixture
def nobody_found(closed):  # type: ignore[no-untyped-def]
    """Figures may be passed on."""
    IntruderTest.objects.create(done_on="2026-01-05", tried_by="Robin", tried="All of them.", outcome="nobody")


def fetched(client: Client, cohort, audience: str, name: str) -> bytes:  # type: ignore[no-untyped-def]
    response = client.get(reverse("admin:impact_file", args=[cohort.pk, audience, name]))
    assert response.status_code == 200
    return response.content


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.usefixtures("nobody_found")
def test_the_same_cell_is_the_same_figure_everywhere(client: Client, closed) -> None:  # type: ignore[no-untyped-def]
    cohort = closed(12)
    client.force_login(StaffFactory())
    html = client.get(reverse("admin:cohort_impact", args=[cohort.pk])).content.decode()
    for audience in ("team", "outside"):
        text = lines(fetched(client, cohort, audience, "figures.csv"))
        book = load_workbook(io.BytesIO(fetched(client, cohort, audience, "figures.xlsx")))
        heading, *rows = book["Outcomes"].iter_rows(values_only=True)
        data = json.loads(fetched(client, cohort, audience, "figures.json"))
        assert "organisations" not in data
        for line, row, outcome in zip(text, rows, data["outcomes"], strict=False):
            cells = dict(zip(heading, row, strict=True))
            for name in ("n_pairs", "mean_pre", "mean_diff", "ci_low", "ci_high", "g_z", "d_av", "p", "wilcoxon_p"):
                assert float(line[name]) == cells[name] == outcome["figures"][name], name
            assert float(line["alpha_pre"]) == cells["alpha_pre"] == outcome["alpha_pre"]["alpha"]
            if audience == "team":
                assert f"{cells['mean_diff']:+.2f}".replace("-", "−") in html
    steps = {line["step"]: line["people"] for line in lines(fetched(client, cohort, "team", "steps.csv"))}
    assert (steps["Enrolled"], steps["Answered both times (paired)"]) == ("12", "12")
    assert set(lines(fetched(client, cohort, "team", "dictionary.csv"))[0]) == {"sheet", "column", "meaning"}
    assert client.get(reverse("admin:impact_file", args=[cohort.pk, "team", "x.exe"])).status_code == 404
    assert client.get(reverse("admin:impact_file", args=[cohort.pk, "all", "figures.csv"])).status_code == 404


@pytest.mark.usefixtures("nobody_found")
def test_every_output_carries_the_caveat(client: Client, closed) -> None:  # type: ignore[no-untyped-def]
    cohort = closed(12)
    client.force_login(StaffFactory())
    words = "There was no comparison group"
    for name in ("figures.csv", "figures.json", "dictionary.csv"):
        assert words in fetched(client, cohort, "team", name).decode("utf-8-sig")
    book = load_workbook(io.BytesIO(fetched(client, cohort, "outside", "figures.xlsx")))
    assert words in book["About"]["B2"].value
    assert words in client.get(reverse("admin:impact_comparison")).content.decode()


@pytest.mark.usefixtures("nobody_found")
def test_the_report_is_a_tagged_pdf_with_the_rounded_figures(client: Client, closed) -> None:  # type: ignore[no-untyped-def]
    cohort = closed(12)
    client.force_login(StaffFactory())
    url = reverse("admin:impact_report", args=[cohort.pk])
    content = client.get(url).content
    assert client.get(url).content == content
    pdf = PdfReader(io.BytesIO(content))
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"] == "en-GB"
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pdf.pages))
    assert "no comparison group" in text
    for outcome in released_figures(cohort, "outside")["outcomes"]:
        assert outcome["name"] in text
        assert f"{outcome['figures']['mean_diff']:+.1f}".replace("-", "−") in text


def test_of_four_people_every_file_looks_like_that_of_one(client: Client, closed) -> None:  # type: ignore[no-untyped-def]
    client.force_login(StaffFactory())
    found = []
    for count in (1, 4):
        cohort = closed(count, 40 + count)
        figures = released_figures(cohort, "outside") | {"cut_off": "", "nested": "", "flow": [], "organisations": {}}
        book = load_workbook(io.BytesIO(as_xlsx(figures)))
        sheets = [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book]
        found.append((as_csv(figures), sheets, json.dumps(figures)))
    assert found[0] == found[1]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_text_that_a_spreadsheet_would_run_is_only_text(text: str, closed) -> None:  # type: ignore[no-untyped-def]
    assert safe(text) == f"'{text}"
    assert safe(-1.5) == -1.5
    assert safe("Career") == "Career"


def test_a_name_of_a_scale_is_no_formula_in_any_file(closed) -> None:  # type: ignore[no-untyped-def]
    figures = released_figures(closed(12), "team") or released_figures(closed(12, 32), "impact")
    figures["outcomes"][0]["name"] = '=HYPERLINK("http://evil.example")'
    assert lines(as_csv(figures))[0]["outcome"].startswith("'=")
    cell = load_workbook(io.BytesIO(as_xlsx(figures)))["Outcomes"]["A2"]
    assert (cell.data_type, cell.value[:2]) == ("s", "'=")


def test_cohorts_stand_side_by_side_in_few_queries(client: Client, closed, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    client.force_login(StaffFactory())
    closed(12, 51)
    url = reverse("admin:impact_comparison")
    client.get(url)
    with django_assert_max_num_queries(12) as one:
        client.get(url)
    closed(3, 52)
    with django_assert_max_num_queries(len(one)):
        html = client.get(url).content.decode()
    assert "Not shown" in html
    assert html.count("<svg viewBox") == 5


@pytest.mark.usefixtures("nobody_found")
def test_a_coordinator_reads_the_cohort_and_not_their_few(client: Client, closed) -> None:  # type: ignore[no-untyped-def]
    cohort = closed(12)
    organisation = cohort.enrolments.first().organisation
    participation, _ = Participation.objects.get_or_create(cohort=cohort, organisation=organisation)
    coordinator = CoordinatorFactory(organisation=organisation)
    client.force_login(coordinator.user)
    html = client.get(reverse("portal:organisation_impact", args=[participation.pk])).content.decode()
    assert 'aria-current="page">What came of it</a>' in html
    assert "There was no comparison group" in html
    assert html.count(">Not shown</td>") == 5
    assert "about 10 people" in html


def test_nothing_is_passed_on_before_a_test_that_found_nobody(client: Client, closed) -> None:  # type: ignore[no-untyped-def]
    cohort = closed(12)
    organisation = cohort.enrolments.first().organisation
    participation, _ = Participation.objects.get_or_create(cohort=cohort, organisation=organisation)
    page = reverse("admin:cohort_impact", args=[cohort.pk])
    outside = [
        reverse("admin:impact_report", args=[cohort.pk]),
        reverse("admin:impact_file", args=[cohort.pk, "outside", "figures.csv"]),
    ]
    own = reverse("portal:organisation_impact", args=[participation.pk])
    staff, coordinator = StaffFactory(), CoordinatorFactory(organisation=organisation).user

    def is_passed_on() -> bool:
        client.force_login(staff)
        found = [client.get(url) for url in outside]
        assert fetched(client, cohort, "team", "figures.csv")
        client.force_login(coordinator)
        found.append(client.get(own))
        shown = {response.status_code == 200 and b"Being checked" not in response.content for response in found}
        assert len(shown) == 1
        return shown.pop()

    assert not is_passed_on()
    client.force_login(staff)
    assert "Nothing is passed on yet: record first" in client.get(outside[0], follow=True).content.decode()
    record = {"done_on": "2027-04-14", "tried_by": "Robin, with the list", "tried": "Everything.", "outcome": "nobody"}
    for change, expected in (
        ({"done_on": "2027-09-01"}, False),  # not done yet
        ({}, True),
        ({"done_on": "2027-04-15", "outcome": "somebody"}, False),
    ):
        client.force_login(staff)
        assert client.post(reverse("admin:surveys_intrudertest_add"), record | change).status_code == 302
        assert is_passed_on() is expected
    test = IntruderTest.objects.first()
    client.force_login(staff)
    assert test.recorded_by == staff
    assert client.post(reverse("admin:surveys_intrudertest_change", args=[test.pk]), record).status_code == 403
    assert client.post(reverse("admin:surveys_intrudertest_delete", args=[test.pk])).status_code == 403
    assert "Record the test" in client.get(page).content.decode()


@pytest.mark.usefixtures("nobody_found")
def test_everybody_reads_what_the_team_put_on_the_public_page_and_the_same_cell(client: Client, closed) -> None:  # type: ignore[no-untyped-def]
    cohort, home = closed(12), reverse("portal:public_home")
    heading, page = "What people told us before and after", reverse("admin:publish_figures", args=[cohort.pk])
    client.force_login(StaffFactory())
    assert heading not in client.get(home).content.decode()
    assert "Everybody would read this" in client.get(page).content.decode()
    assert client.post(page, {"act": "publish"}).status_code == 302
    assert client.post(page, {"act": "publish"}).status_code == 302
    assert AuditEvent.objects.filter(verb="figures.published").count() == 1
    shown = client.get(home).content.decode()
    assert "There was no comparison group" in shown
    for outcome in released_figures(cohort, "outside")["outcomes"]:
        assert change_words(outcome) in shown
    # Figures that are released again take the place of those on the page, as everywhere.
    newer = release_snapshot(cohort=cohort, kind="outside", figures={"outcomes": [], "caveat": ""})
    follow(newer)
    assert Publication.objects.get().snapshot == newer
    IntruderTest.objects.create(done_on="2026-01-06", tried_by="Robin", tried="All.", outcome="somebody")
    assert heading not in client.get(home).content.decode()
    client.post(page, {"act": "withdraw"})
    assert Publication.objects.on_show().count() == 0
    client.post(page, {"act": "publish"})
    assert Publication.objects.on_show().count() == 0


def test_a_loose_scale_is_marked_and_shown_all_the_same(client: Client, closed) -> None:  # type: ignore[no-untyped-def]
    cohort = closed(12)
    client.force_login(StaffFactory())
    snapshot = cohort.snapshots.get(kind="impact")
    for alpha, marked in ((0.69, True), (0.7, False)):
        for outcome in snapshot.figures["outcomes"]:
            outcome |= {"alpha_pre": {"n": 12, "alpha": alpha, "low": 0.1, "high": 0.9, "if_dropped": []}}
            outcome["alpha_post"] = None
        snapshot.save()
        html = client.get(reverse("admin:cohort_impact", args=[cohort.pk])).content.decode()
        assert ("hang together loosely" in html) is marked
        assert all(f"{outcome['figures']['mean_diff']:.2f}" in html for outcome in snapshot.figures["outcomes"])
        assert f"{len(snapshot.figures['outcomes'])} outcomes were tested" in html

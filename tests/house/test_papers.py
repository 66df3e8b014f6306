"""The papers of data protection go with every release, and a release without them, or with old ones, is stopped."""

import datetime as dt
from pathlib import Path

from comc import papers
from comc.check import CHECKS

FRONT = "---\ntitle: A paper\nowner: Somebody\nreviewed: 2026-11-28\nreview_by: 2027-11-27\n---\n\n# A paper\n"


def test_a_release_stops_without_them_or_when_they_are_old(tmp_path: Path) -> None:
    assert any("comc.papers" in command for _, command, _ in CHECKS)
    assert {paper.stem for paper in papers.FOLDER.glob("*.md")} == set(papers.PAPERS)
    until = dt.date(2027, 11, 27)
    for name in papers.PAPERS:
        (tmp_path / f"{name}.md").write_text(FRONT)
    assert papers.faults(until, tmp_path) == []
    assert len(papers.faults(until + dt.timedelta(days=1), tmp_path)) == len(papers.PAPERS)
    changes = {"owner: Somebody": "owner: ", "by: 2027": "by: 2029", "reviewed: 2026": "reviewed: x", "---\n": ""}
    paper = tmp_path / "policy.md"
    for change in changes.items():
        paper.write_text(FRONT.replace(*change))
        assert len(papers.faults(until, tmp_path)) == 1, change
    paper.unlink()
    assert papers.faults(until, tmp_path) == ["policy.md is missing, or does not say whose it is."]

"""The checklist of the first day with which people get ready. What staff have made of it is never overwritten."""

from typing import Any

from django.db import transaction

from cohorts.models import Format, OnboardingItem, Role
from content.models import Resource

Kind = OnboardingItem.Kind

# The guide that is read, by its title; format and role as they stand on the guide; required; days before the start.
GUIDES: list[tuple[str, str, bool, int]] = [
    ("Mentor briefing", "What leading a circle asks of you, session by session. Ten minutes.", True, 14),
    ("Preparing for your first session", "Three things to think about. Five minutes.", True, 7),
    ("Reverse mentoring: keeping it honest", "What the two of you agree before you begin. Five minutes.", True, 14),
    ("For you who are senior and mentored", "How to be mentored by somebody junior to you. Five minutes.", True, 7),
    ("For you who mentor somebody senior", "What is yours to decide, and how to look after yourself.", True, 7),
    ("Reciprocal mentoring: sharing the work", "Three skills, and how to keep the effort even.", True, 14),
    ("Cultural intelligence", "Working well with people whose background is not yours. Five minutes.", True, 7),
    ("Unconscious bias", "How quick judgements shape who gets chances, and what helps. Five minutes.", True, 7),
    ("When something goes wrong", "Whom to tell, and who reads it. Good to know beforehand.", False, 1),
]
SHARING = (
    "You said when you enrolled what of your name, job title and employer is shown. You can change it at any time."
)
FIRST_STEPS: list[dict[str, Any]] = [
    {
        "kind": Kind.SURVEY,
        "title": "Answer the first survey",
        "text": "Your answers are confidential. At the end they show you how far you have come.",
        "days_before": 1,
    },
    {"kind": Kind.SHARING, "title": "Check what your circle sees of you", "text": SHARING, "role": Role.MENTEE,
     "format": "circles"},
    {"kind": Kind.SHARING, "title": "Check what your mentor sees of you", "text": SHARING, "role": Role.MENTEE,
     "format": "reverse"},
    {"kind": Kind.SHARING, "title": "Check what your partner sees of you", "text": SHARING, "role": Role.PARTNER,
     "format": "reciprocal"},
]  # fmt: skip
LAST_STEPS: list[dict[str, Any]] = [
    {
        "kind": Kind.CALENDAR,
        "title": "Add the sessions to your calendar",
        "text": "Invitations come by e-mail. A private link of your own shows every session, and follows each change.",
        "required": False,
    },
    {
        "kind": Kind.NOTICE,
        "title": "Write to your circle",
        "text": "On its notice board: who you are, and one question for each of them.",
        "role": Role.MENTOR,
        "format": "circles",
        "days_before": 3,
    },
]


@transaction.atomic
def load() -> None:
    """Only into an empty list: a line that staff took away must not come back. One whose guide is gone is left out."""
    if OnboardingItem.objects.exists():
        return
    formats = {one.key: one for one in Format.objects.all()}
    for position, values in enumerate([*FIRST_STEPS, *_guides(), *LAST_STEPS], start=1):
        key = values.get("format", "")
        if not key or key in formats:
            OnboardingItem.objects.create(**{**values, "format": formats.get(key), "position": position * 10})


def _guides() -> list[dict[str, Any]]:
    found = {guide.title: guide for guide in Resource.objects.all()}
    return [
        {
            "kind": Kind.READ,
            "guide": found[title],
            "title": f"Read “{title}”",
            "text": text,
            "format": found[title].format_key,
            "role": found[title].role,
            "required": required,
            "days_before": days,
        }
        for title, text, required, days in GUIDES
        if title in found
    ]

"""What is there on the first day: formats, goals and the checklist. What staff edited is never overwritten."""

from typing import Any

from django.db import transaction

from cohorts import onboarding
from cohorts.models import Format, Joining, OwnOrganisation, Role, Side, Topic

FORMATS: list[dict[str, Any]] = [
    {
        "key": "circles",
        "name": "Mentoring circles",
        "description": "A senior mentor and up to ten mentees, each from a different employer where we can, "
        "meet once a month for six months and set their own agenda.",
        "group_word": "circle",
        "lead_role": Role.MENTOR,
        "member_role": Role.MENTEE,
        "lead_words": "Lead a circle of people from other employers",
        "member_words": "Meet and learn with a circle of people from other employers",
        "capacity": 10,
        "minimum": 6,
        "target": 9,
        "own_organisation": OwnOrganisation.FORBIDDEN,
        "joining": Joining.NOMINATION,
        "eligibility_side": Side.MEMBER,
    },
    {
        "key": "reverse",
        "name": "Reverse mentoring",
        "description": "A colleague earlier in their career mentors a senior leader, who listens and learns from "
        "their experience of work.",
        "group_word": "pair",
        "lead_role": Role.MENTOR,
        "member_role": Role.MENTEE,
        "lead_words": "Mentor a senior leader, and bring lived experience",
        "member_words": "As a senior leader, listen and learn",
        "capacity": 1,
        "minimum": 1,
        "target": 1,
        "own_organisation": OwnOrganisation.ALLOWED,
        "joining": Joining.APPLICATION,
        "eligibility_side": Side.LEAD,
    },
    {
        "key": "reciprocal",
        "name": "Reciprocal mentoring",
        "description": "Two people from different departments, each mentor and mentee of the other: setting goals, "
        "learning and sharing, and bringing one’s authentic self to work.",
        "group_word": "pair",
        "lead_role": Role.PARTNER,
        "member_role": Role.PARTNER,
        "lead_words": "Lived experience that others can learn from",
        "member_words": "Experience of leading people and shaping how we work",
        "capacity": 1,
        "minimum": 1,
        "target": 1,
        "own_organisation": OwnOrganisation.ALLOWED,
        "mutual": True,
        "joining": Joining.SELF_APPLICATION,
        "eligibility_side": Side.LEAD,
    },
]

TOPICS = {
    "confidence": "Confidence and self-belief",
    "career-direction": "Career direction and planning",
    "promotion": "Preparing for promotion",
    "networks": "Building networks and visibility",
    "leadership-style": "Finding my leadership style",
    "leading-people": "Leading and managing people",
    "influence": "Influencing and negotiating",
    "communication": "Presenting and communicating",
    "strategic-thinking": "Thinking strategically",
    "changing-field": "Changing role, function or sector",
    "authentic-self": "Bringing my authentic self to work",
    "barriers": "Recognising and overcoming barriers",
    "sponsorship": "Finding sponsors and allies",
    "work-life": "Balancing work, study and life",
}


@transaction.atomic
def load() -> None:
    """Make the formats and topics that are missing. Running it twice changes nothing."""
    for values in FORMATS:
        Format.objects.get_or_create(key=values["key"], defaults=values)
    for position, (key, name) in enumerate(TOPICS.items(), start=1):
        Topic.objects.get_or_create(key=key, defaults={"name": name, "position": position})
    onboarding.load()

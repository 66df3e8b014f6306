"""The instruments that the product ships with. Loading never changes what is there already."""

from dataclasses import dataclass, field

from django.db import transaction

from surveys.models import Instrument, Item

AGREEMENT = ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"]
TRUTH = ["Not at all true", "Hardly true", "Moderately true", "Exactly true"]

USEFUL = ["Not at all useful", "A little useful", "Fairly useful", "Very useful", "Extremely useful"]

OWN_CITATION = "Written for this programme. Not a validated scale."
OWN_LICENCE = "The programme's own items."
OWN_RELIABILITY = "Not published. Worked out from the cohort’s own answers where at least 30 people gave them."


@dataclass(frozen=True)
class Source:
    """One instrument as it is loaded; `reversed_items` are numbers of items, counted from 1."""

    key: str
    name: str
    plain_name: str
    items: list[str]
    min_items: int
    values: dict[str, object] = field(default_factory=dict)
    reversed_items: frozenset[int] = frozenset()


def _own(
    key: str, plain_name: str, items: list[str], min_items: int, reversed_items: frozenset[int],
    anchors: list[str] = AGREEMENT,
) -> Source:  # fmt: skip
    values = {
        "citation": OWN_CITATION, "licence": OWN_LICENCE, "permission": Instrument.Permission.OWN, "validated": False,
        "scale_min": 1, "scale_max": 5, "anchors": anchors, "reliability_source": OWN_RELIABILITY,
    }  # fmt: skip
    return Source(key, f"{plain_name} (programme items)", plain_name, items, min_items, values, reversed_items)


SELF_EFFICACY = Source(
    key="gse",
    name="General Self-Efficacy Scale",
    plain_name="Belief in what I can do",
    min_items=7,
    items=[
        "I can always manage to solve difficult problems if I try hard enough.",
        "If someone opposes me, I can find the means and ways to get what I want.",
        "It is easy for me to stick to my aims and accomplish my goals.",
        "I am confident that I could deal efficiently with unexpected events.",
        "Thanks to my resourcefulness, I know how to handle unforeseen situations.",
        "I can solve most problems if I invest the necessary effort.",
        "I can remain calm when facing difficulties because I can rely on my coping abilities.",
        "When I am confronted with a problem, I can usually find several solutions.",
        "If I am in trouble, I can usually think of a solution.",
        "I can usually handle whatever comes my way.",
    ],
    values={
        "citation": (
            "Schwarzer, R., & Jerusalem, M. (1995). Generalized Self-Efficacy scale. In J. Weinman, S. Wright, & "
            "M. Johnston, Measures in health psychology: A user’s portfolio. Causal and control beliefs (pp. 35–37). "
            "Windsor, UK: NFER-NELSON."
        ),
        "licence": (
            "Free to use and reproduce when the source is cited. Written permission: R. Schwarzer, “Everything you "
            "wanted to know about the General Self-Efficacy Scale but were afraid to ask”, 30 May 2014, "
            "userpage.fu-berlin.de/~health/faq_gse.pdf. A score may be worked out while no more than three items are "
            "missing (same source)."
        ),
        "permission": Instrument.Permission.GRANTED,
        "validated": True,
        "scale_min": 1,
        "scale_max": 4,
        "anchors": TRUTH,
        # The least that is published: the smaller the reliability, the larger a change must be to be called one.
        "reliability": 0.80,
        "reliability_source": (
            "Cronbach’s alpha above .80 (.80 is used here); retest correlations .57 to .71. Schwarzer & Jerusalem "
            "(1995) and the authors’ FAQ of 2014."
        ),
    },
)
NETWORKING = _own(
    "networking",
    "Networks and contacts",
    [
        "I have people outside my own team whom I can ask for advice about my career.",
        "I know people in other organisations who do work that interests me.",
        "I feel comfortable getting in touch with people whom I have not met before.",
        "I keep in contact with people who could help me, or whom I could help.",
    ],
    3,
    frozenset(),
)
BELONGING = _own(
    "belonging",
    "Belonging at work",
    [
        "I feel that I belong in the organisation I work for.",
        "I can be myself at work.",
        "People at work value what I bring.",
        "I often feel like an outsider at work.",
    ],
    3,
    frozenset({4}),
)
CAREER_CLARITY = _own(
    "career-clarity",
    "Clarity about my career",
    [
        "I know what I want the next step of my career to be.",
        "I know what I need to do to get there.",
        "I know what I am good at and what I want to develop.",
    ],
    3,
    frozenset(),
)
PROGRESS = _own(
    "confidence-to-progress",
    "Confidence to progress",
    [
        "I feel confident to apply for a more senior role.",
        "I speak up for my own ideas in meetings with senior people.",
        "I believe that I can progress as far as I want to in my career.",
    ],
    3,
    frozenset(),
)
USEFULNESS = _own(
    "session-usefulness",
    "Usefulness of a session",
    ["How useful was this session to you?"],
    1,
    frozenset(),
    anchors=USEFUL,
)
# In the order in which they are asked; the first is the one that stands for itself as a published scale.
SOURCES = [SELF_EFFICACY, NETWORKING, BELONGING, CAREER_CLARITY, PROGRESS]


@transaction.atomic
def load() -> None:
    """Make the instruments that are missing. One that exists is left as it is, its items too."""
    for source in [*SOURCES, USEFULNESS]:
        values = {"name": source.name, "plain_name": source.plain_name, "min_items": source.min_items, **source.values}
        instrument, created = Instrument.objects.get_or_create(key=source.key, version=1, defaults=values)
        if created:
            Item.objects.bulk_create(
                Item(instrument=instrument, number=n, text=text, reverse=n in source.reversed_items)
                for n, text in enumerate(source.items, start=1)
            )

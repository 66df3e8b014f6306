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
NEW_SELF_EFFICACY = Source(
    key="ngse",
    name="New General Self-Efficacy Scale",
    plain_name="Confidence in what I can achieve",
    min_items=7,
    items=[
        "I will be able to achieve most of the goals that I have set for myself.",
        "When facing difficult tasks, I am certain that I will accomplish them.",
        "In general, I think that I can obtain outcomes that are important to me.",
        "I believe I can succeed at most any endeavor to which I set my mind.",
        "I will be able to successfully overcome many challenges.",
        "I am confident that I can perform effectively on many different tasks.",
        "Compared to other people, I can do most tasks very well.",
        "Even when things are tough, I can perform quite well.",
    ],
    values={
        "citation": (
            "Chen, G., Gully, S. M., & Eden, D. (2001). Validation of a new general self-efficacy scale. "
            "Organizational Research Methods, 4(1), 62–83. https://doi.org/10.1177/109442810141004"
        ),
        "licence": (
            "Listed as free and open access by EdInstruments. The article is © SAGE: cite it, and keep the wording as "
            "it is. Scored here when at least seven of the eight items are answered."
        ),
        "permission": Instrument.Permission.FREE,
        "permission_evidence": "EdInstruments, entry “New General Self-Efficacy Scale”: access “Free / open access”.",
        "validated": True,
        "scale_min": 1,
        "scale_max": 5,
        "anchors": AGREEMENT,
        "reliability": 0.86,
        "reliability_source": "Cronbach’s alpha .86 and .90 on two occasions (authors’ study 2); the lower is used.",
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
    4,
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
    4,
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
# In the order in which they are asked; the first, a published scale, is the primary outcome unless a plan says else.
SOURCES = [NEW_SELF_EFFICACY, NETWORKING, BELONGING, CAREER_CLARITY, PROGRESS]


# Shipped beside them, to be put into a survey instead of or after the others.
ALSO = [SELF_EFFICACY, USEFULNESS]


def _unpermitted(key: str, name: str, plain_name: str, citation: str, licence: str, points: int = 5) -> Source:
    """A scale that others hold the rights of: known by name, without a word of its items."""
    values = {
        "citation": citation, "licence": licence, "permission": Instrument.Permission.NEEDED, "validated": True,
        "scale_min": 1, "scale_max": points, "anchors": [],
    }  # fmt: skip
    return Source(key, name, plain_name, [], 1, values)


NEEDED = [
    _unpermitted(
        "gse-3", "GSE-3", "Belief in what I can do (short)",
        "Doll, E. S., Nießen, D., Schmidt, I., Rammstedt, B., & Lechner, C. M. (2021). General Self-Efficacy "
        "Short Scale–3 (GSE-3). ZIS, GESIS.",
        "Open repository; the licence of the items is to be checked. Scored only when no item is missing; too "
        "blunt for one person’s own progress.",
    ),
    _unpermitted(
        "caas-sf", "Career Adapt-Abilities Scale, short form", "Career adaptability",
        "Maggiori, C., Rossier, J., & Savickas, M. L. (2017). Career Adapt-Abilities Scale–Short Form (CAAS-SF). "
        "Journal of Career Assessment, 25(2), 312–325.",
        "© SAGE. Ask the authors before use in a service. Twelve items; means of four subscales and in all.",
    ),
    _unpermitted(
        "work-group-inclusion", "Work Group Inclusion", "Inclusion at work",
        "Chung, B. G., Ehrhart, K. H., Shore, L. M., Randel, A. E., Dean, M. A., & Kedharnath, U. (2020). Work Group "
        "Inclusion: Test of a scale and model. Group & Organization Management, 45(1), 75–102.",
        "Permission from the authors or the copyright holder may be necessary. Ten items; a mean for each facet.",
    ),
    _unpermitted(
        "mfq-9", "Mentoring Functions Questionnaire, 9 items", "Mentoring received",
        "Castro, S. L., Scandura, T. A., & Williams, E. A. (2004). Validity of Scandura and Ragins’ (1993) "
        "multidimensional mentoring measure.",
        "Ask T. A. Scandura before use in a service. After the sessions only: it can have no before.",
    ),
    _unpermitted(
        "oss-sf", "Occupational Self-Efficacy Scale, short form", "Confidence at work",
        "Rigotti, T., Schyns, B., & Mohr, G. (2008). A short version of the Occupational Self-Efficacy Scale. "
        "Journal of Career Assessment, 16(2), 238–255.",
        "For research; to be confirmed for use in a service. Six items.",
        6,
    ),
]  # fmt: skip


@transaction.atomic
def load() -> None:
    """Make the instruments that are missing. One that exists is left as it is, its items too."""
    for source in [*SOURCES, *ALSO, *NEEDED]:
        values = {"name": source.name, "plain_name": source.plain_name, "min_items": source.min_items, **source.values}
        instrument, created = Instrument.objects.get_or_create(key=source.key, version=1, defaults=values)
        if created:
            Item.objects.bulk_create(
                Item(instrument=instrument, number=n, text=text, reverse=n in source.reversed_items)
                for n, text in enumerate(source.items, start=1)
            )

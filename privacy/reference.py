"""The words put to people for each purpose, as they are on the first day."""

from django.db import transaction

from privacy.models import ConsentWording, Purpose

WORDINGS = {
    Purpose.EVALUATION: "The programme may use my survey answers, together with those of many others, to report what "
    "the programme achieves. No report names me, and no figure is shown for a small group.",
    Purpose.SHARE_WITH_CIRCLE: "The people I am placed with may see my name.",
    Purpose.SHARE_JOB_TITLE: "If they see my name, they may see my job title.",
    Purpose.SHARE_EMPLOYER: "If they see my name, they may see my employer.",
    Purpose.SHARE_ATTENDANCE: "The programme may tell my employer how many sessions I attended: the number only, "
    "nothing of what was said.",
    Purpose.TESTIMONIAL: "The programme may ask me for a short quote about it. I would see and agree to the words "
    "before anybody else does.",
    Purpose.DEMAND: "The programme may tell my employer that somebody who works there asked about it. It would not "
    "say who.",
}


@transaction.atomic
def load() -> None:
    """Put the words in place. A wording that somebody wrote, or that differs from the bare purpose, stays."""
    for purpose, text in WORDINGS.items():
        latest = ConsentWording.objects.filter(purpose=purpose).order_by("-version").first()
        if latest is None or latest.text == purpose.label:
            version = latest.version + 1 if latest else 1
            ConsentWording.objects.create(purpose=purpose, version=version, text=text)

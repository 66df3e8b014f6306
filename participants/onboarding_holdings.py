"""What a person has ticked off to get ready, as it is theirs to have and to have forgotten."""

from accounts.models import User
from participants.models import OnboardingDone
from privacy import registry
from privacy.registry import Entry, Holding


def export_onboarding(user: User) -> list[Entry]:
    done = OnboardingDone.objects.filter(enrolment__user=user).select_related("item").order_by("created_at")
    return [{"You ticked off": one.item.title, "When": one.created_at} for one in done]


def erase_onboarding(user: User) -> int:
    return OnboardingDone.objects.filter(enrolment__user=user).delete()[0]


def register() -> None:
    registry.register(
        Holding(
            key="onboarding",
            title="How you got ready",
            export=export_onboarding,
            erase=erase_onboarding,
            position=10,
        )
    )

"""What this app holds about a person: their answers, their goals, their notes to the team and their quotes."""

from accounts.models import User
from privacy import registry
from privacy.registry import Entry, Holding
from surveys.selectors.held import held_answers, held_goals, held_notes
from surveys.selectors.testimonials import quotes_of
from surveys.services.erasure import erase_answers, erase_testimonials


def export_answers(user: User) -> list[Entry]:
    return [*held_answers(user), *held_goals(user), *held_notes(user)]


def export_testimonials(user: User) -> list[Entry]:
    return [
        {"Words": quote.quote, "Signed": quote.attribution, "State": quote.get_state_display(),
         "Shown until": quote.expires_on or "Not shown yet"}
        for quote in quotes_of(user).order_by("created_at")
    ]  # fmt: skip


def _erase_answers(user: User) -> int:
    return erase_answers(user=user)


def _erase_testimonials(user: User) -> int:
    return erase_testimonials(user=user)


def register() -> None:
    # First of all: the link goes before anything that it links.
    registry.register(
        Holding(
            key="answers",
            title="Your answers, your goals and your notes to the team",
            export=export_answers,
            erase=_erase_answers,
            position=1,
            apart=True,
            of_them="Answers to surveys, goals and notes to the team",
        )
    )
    registry.register(
        Holding(
            key="testimonials",
            title="Your words for others to read",
            export=export_testimonials,
            erase=_erase_testimonials,
            position=10,
        )
    )

"""What the front page of the programme team is made from, for one person: remembered as far as it still holds."""

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, TypeVar

from django.contrib.admin import site
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts import memory
from accounts.models import User
from cohorts.covers import Covers
from cohorts.models import Cohort
from cohorts.permissions import assignments_of
from organisations.selectors import answering_staff
from staff import attention, timeline
from staff.attention_forms import DeskForm
from staff.models import PutOff
from ui.components import TimelineItem

# Every rule is given cohorts with their formats, and so hangs on them whatever it reads itself.
GIVEN = ("cohorts_cohort", "cohorts_format")
Choice = TypeVar("Choice", bound=DeskForm)


@dataclass(frozen=True)
class Standing:
    """Where a cohort stands. The cohort is to be shown, and given to nothing that reads more of it."""

    cohort: Cohort
    phase: str
    timeline: list[TimelineItem]

    @classmethod
    def of(cls, cohort: Cohort) -> "Standing":
        """A cohort whose days are over is not closed before somebody closes it."""
        phase = "Over, to be closed" if cohort.phase == "closed" else cohort.phase_label
        return cls(cohort, phase, timeline.ahead(cohort))


class Today:
    """What one person may see, whatever they choose of it. Each part is worked out again as soon as it has changed."""

    def __init__(self, user: User) -> None:
        self.user = user
        rights = () if user.is_superuser else user.get_all_permissions()
        self._remembered = memory.of(
            "today", user.pk, user.is_superuser, frozenset(assignments_of(user)), frozenset(rights)
        )

    @cached_property
    def opened(self) -> list[Standing]:
        return self._remembered("opened", lambda: [Standing.of(one) for one in self._cohorts if not one.closed_at])

    @cached_property
    def closed(self) -> list[Cohort]:
        return self._remembered("closed", lambda: [one for one in self._cohorts if one.closed_at])

    def app_list(self, request: HttpRequest) -> list[Any]:
        """The lists that the person may open."""
        return self._remembered("app list", lambda: site.get_app_list(request))

    def everything(self, request: HttpRequest) -> SafeString:
        """The same as they stand on the page."""
        context = {"app_list": self.app_list(request), "show_changelinks": True}
        return self._remembered("everything", lambda: render_to_string("admin/app_list.html", context, request))

    @cached_property
    def people(self) -> list[User]:
        return self._remembered("people", lambda: list(answering_staff()))

    @cached_property
    def covers(self) -> Covers:
        return self._remembered("covers", Covers.now)

    def choice(self, form: type[Choice], data: Any) -> Choice:
        """What was chosen, of what there is for this person to choose from."""
        cohorts = [one.cohort for one in self.opened]
        return form(data, cohorts=cohorts, people=self.people, viewer=self.user, covers=self.covers)

    def found(self, choice: DeskForm, only: attention.Rule | None = None) -> attention.Found:
        """What needs attention, as far as it was asked for; by one rule alone, where it is given."""
        put_off = self._remembered("put off", lambda: list(PutOff.objects.lasting().select_related("by")))
        rules = [rule for rule in self._rules if only in (None, rule)]
        found = [(rule, self._found_by(rule)) for rule in rules]
        return attention.sort_out(found, put_off, self.covers, choice.wants)

    @property
    def _rules(self) -> list[attention.Rule]:
        return self._remembered("rules", lambda: [one for one in attention.RULES if self.user.has_perm(one.permission)])

    def _found_by(self, rule: attention.Rule) -> list[attention.Item]:
        if rule.afresh:
            return rule.find(self.user, [])
        return self._remembered(rule.key, partial(self._find, rule), GIVEN)

    def _find(self, rule: attention.Rule) -> list[attention.Item]:
        return rule.find(self.user, self._allowed(rule.permission))

    @cached_property
    def _allowed(self) -> attention.Allowed:
        return attention.Allowed(self.user, [one for one in self._cohorts if not one.closed_at])

    @property
    def _cohorts(self) -> list[Cohort]:
        """Read afresh for whoever asks for something new: a rule may read more of a cohort, and keep that with it."""
        mine = Cohort.objects.for_staff(self.user)
        return list(mine.select_related("format").order_by("launch_from", "name"))

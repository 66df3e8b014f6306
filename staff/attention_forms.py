"""What staff choose on their front page, and say when they put something off."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms

from accounts import clock
from accounts.fields import sort_key
from accounts.models import User
from cohorts.covers import Covers
from cohorts.models import Cohort
from staff.attention.base import NO_COHORT, Item
from ui.dates import date_range, uk_date
from ui.forms import DateInput, Form

MINE, NOBODY = "mine", "nobody"
LONGEST = dt.timedelta(days=60)


class DeskForm(Form):
    """Which cohort, and whose. Nothing chosen is everything."""

    mark_optional = False
    cohort = forms.ChoiceField(label="Cohort", required=False)
    owner = forms.ChoiceField(label="Who sees to it", required=False)

    def __init__(
        self, *args: Any, cohorts: Iterable[Cohort], people: Iterable[User], viewer: User, covers: Covers
    ) -> None:
        super().__init__(*args)
        covered = covers.for_whom(viewer)
        self.mine = {str(viewer.pk), *(str(one.person_id) for one in covered)}
        me = " and ".join(
            ["Me", *(f"{one.person}, whom I cover until {date_range(one.last_day, None)}" for one in covered)]
        )
        others = [(str(person.pk), covers.words(person)) for person in people if person.pk != viewer.pk]
        self.fields["cohort"].choices = [("", "Every cohort"), *((str(one.pk), one.name) for one in cohorts)]
        self.fields["owner"].choices = [("", "Anybody"), (MINE, me), *others, (NOBODY, "Nobody yet")]

    @property
    def narrows(self) -> bool:
        """Whether less than everything is shown."""
        return self.is_valid() and any(self.cleaned_data.values())

    @property
    def kept_owner(self) -> str:
        """What an address that has a cohort needs besides, so that it shows the same person’s things."""
        owner = self.cleaned_data["owner"] if self.is_valid() else ""
        return f"&{urlencode({'owner': owner})}" if owner else ""

    def among(self, cohorts: list[Cohort]) -> list[Cohort]:
        """The cohorts that were asked for."""
        chosen = self.cleaned_data.get("cohort") if self.is_valid() else ""
        return [cohort for cohort in cohorts if chosen in ("", str(cohort.pk))]

    def wants(self, item: Item) -> bool:
        """Whether what was found is among what was asked for; a choice that is not offered asks for everything."""
        chosen = self.cleaned_data if self.is_valid() else {}
        cohort, owner = chosen.get("cohort"), chosen.get("owner")
        if cohort not in (None, "", NO_COHORT, str(item.cohort_id)):
            return False
        if owner == NOBODY:
            return item.owner is None
        return not owner or str(item.owner) in (self.mine if owner == MINE else {owner})


class RuleForm(DeskForm):
    """Of what one rule finds: which cohort, whose, and with which words."""

    q = forms.CharField(label="Search", required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
    field_order = ["q", "cohort", "owner"]

    def __init__(self, *args: Any, cohorts: Iterable[Cohort], **kwargs: Any) -> None:
        self.names = {one.pk: one.name for one in cohorts}
        super().__init__(*args, cohorts=cohorts, **kwargs)
        self.fields["cohort"].choices = [*self.fields["cohort"].choices, (NO_COHORT, "None: for the whole team")]

    def wants(self, item: Item) -> bool:
        chosen = self.cleaned_data if self.is_valid() else {}
        if chosen.get("cohort") == NO_COHORT and item.cohort_id is not None:
            return False
        text = sort_key(item.evidence, self.names.get(item.cohort_id, ""))
        return super().wants(item) and all(word in text for word in sort_key(chosen.get("q", "")).split())


class PutOffForm(Form):
    until = forms.DateField(
        label="Until",
        widget=DateInput,
        error_messages={"required": "Enter the day on which it should be listed again.", "invalid": "Enter a date."},
    )
    reason = forms.CharField(
        label="Why it can wait",
        max_length=200,
        help_text="The whole team reads this. Say nothing about anybody’s private life.",
        error_messages={"required": "Say in a few words why it can wait."},
    )

    def clean_until(self) -> dt.date:
        day, today = self.cleaned_data["until"], clock.today()
        if day <= today:
            raise forms.ValidationError("Choose a day after today.")
        if day > today + LONGEST:
            raise forms.ValidationError(f"Choose a day no later than {uk_date(today + LONGEST)}.")
        return day

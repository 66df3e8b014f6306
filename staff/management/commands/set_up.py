"""Loads what the product needs before its first cohort: page texts, formats, consent wordings, instruments."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

import cohorts.reference
import content.reference
import privacy.reference
import surveys.reference
from cohorts.models import Cohort
from surveys.services import ensure_surveys

# In this order, because the later ones may point to the earlier ones.
REFERENCE = [content.reference, cohorts.reference, privacy.reference, surveys.reference]


class Command(BaseCommand):
    help = "Load the reference data. Running it again adds what is missing and leaves what staff have edited alone."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        for reference in REFERENCE:
            reference.load()
        for cohort in Cohort.objects.filter(closed_at=None):
            ensure_surveys(cohort=cohort)
        if options["verbosity"] > 0:
            self.stdout.write("The reference data is in place.")

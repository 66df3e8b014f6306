"""What can be done to organisations, their interests and their part in a cohort."""

from organisations.services.interests import (
    answer_interest,
    assign_adviser,
    assign_interest,
    close_interest,
    record_demand,
    register_interest,
    separate_interest,
)
from organisations.services.merging import merge_organisations
from organisations.services.participations import add_coordinator, confirm_participation, set_places
from organisations.services.renewals import offer_renewal
from organisations.services.retention import erase_old_contacts, erase_old_demand

__all__ = [
    "add_coordinator",
    "answer_interest",
    "assign_adviser",
    "assign_interest",
    "close_interest",
    "confirm_participation",
    "erase_old_contacts",
    "erase_old_demand",
    "merge_organisations",
    "offer_renewal",
    "record_demand",
    "register_interest",
    "separate_interest",
    "set_places",
]

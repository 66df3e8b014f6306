"""What can be done to organisations, their interests and their part in a cohort."""

from organisations.services.coordinating import (
    accept_coordinating,
    ask_coordinator,
    decline_coordinating,
    end_coordinator,
    erase_old_invitations,
    stop_coordinating,
    take_back,
)
from organisations.services.fees import mark_fee
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
from organisations.services.renewals import answer_renewal, offer_renewal
from organisations.services.retention import erase_old_contacts, erase_old_demand

__all__ = [
    "accept_coordinating",
    "add_coordinator",
    "answer_interest",
    "answer_renewal",
    "ask_coordinator",
    "assign_adviser",
    "assign_interest",
    "close_interest",
    "confirm_participation",
    "decline_coordinating",
    "end_coordinator",
    "erase_old_contacts",
    "erase_old_demand",
    "erase_old_invitations",
    "mark_fee",
    "merge_organisations",
    "offer_renewal",
    "record_demand",
    "register_interest",
    "separate_interest",
    "set_places",
    "stop_coordinating",
    "take_back",
]

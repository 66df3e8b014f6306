"""Two rows that are one organisation."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from accounts.models import User
from organisations.models import Organisation
from privacy.services import record

FILLED_FROM_DUPLICATE = ["domain", "sector", "size", "places_of_work", "adviser"]
TRUE_OF_EITHER = ["is_member", "has_package", "in_baseline"]


@transaction.atomic
def merge_organisations(*, keep: Organisation, duplicate: Organisation, by: User) -> Organisation:
    """Move everything of `duplicate` to `keep` and remove it. Only ever on a member of staff's decision.

    Raises ValidationError when both are confirmed in the same cohort: whose places hold is not for us to say; and when
    somebody would then be mentored by their own colleague, or a rule about who sits together would break otherwise.
    """
    keep, duplicate = _locked(keep, duplicate)
    _refuse_shared_cohorts(keep, duplicate)
    _drop_double_coordinators(keep, duplicate)
    try:
        _repoint_all(keep, duplicate)
    except IntegrityError as error:
        raise ValidationError(
            "Their people sit together in a circle in a way that the rules on organisations forbid once the two are "
            "one: look at who leads whom, and find another seat first."
        ) from error
    _take_facts(keep, duplicate)
    record(by=by, verb="organisation.merged", about=keep, duplicate=str(duplicate.pk))
    duplicate.delete()
    keep.save()
    return keep


def _locked(keep: Organisation, duplicate: Organisation) -> tuple[Organisation, Organisation]:
    if keep.pk == duplicate.pk:
        raise ValidationError("An organisation can’t be merged with itself.")
    rows = Organisation.objects.select_for_update(of=("self",)).in_bulk(sorted([keep.pk, duplicate.pk]))
    return rows[keep.pk], rows[duplicate.pk]


def _refuse_shared_cohorts(keep: Organisation, duplicate: Organisation) -> None:
    shared = keep.participations.filter(cohort__in=duplicate.participations.values("cohort")).select_related("cohort")
    if shared:
        cohorts = ", ".join(str(participation.cohort) for participation in shared)
        raise ValidationError(f"Both are confirmed in {cohorts}. Withdraw one of the two there first.")


def _drop_double_coordinators(keep: Organisation, duplicate: Organisation) -> None:
    current = keep.coordinators.filter(ended_at=None).values("user")
    duplicate.coordinators.filter(ended_at=None, user__in=current).delete()
    asked = keep.coordinator_invitations.filter(state="open").values("email")
    duplicate.coordinator_invitations.filter(state="open", email__in=asked).delete()


@transaction.atomic
def _repoint_all(keep: Organisation, duplicate: Organisation) -> None:
    for relation in Organisation._meta.related_objects:
        # Only a load of past cohorts names several organisations: those that came about by it, which the duplicate did.
        if not relation.many_to_many:
            _repoint(relation, keep, duplicate)


def _repoint(relation: models.ForeignObjectRel, keep: Organisation, duplicate: Organisation) -> None:
    """Let every row of whichever app that points to the duplicate point to the other one."""
    name = relation.field.name
    relation.related_model._base_manager.filter(**{name: duplicate}).update(**{name: keep})


def _take_facts(keep: Organisation, duplicate: Organisation) -> None:
    for name in FILLED_FROM_DUPLICATE:
        setattr(keep, name, getattr(keep, name) or getattr(duplicate, name))
    for name in TRUE_OF_EITHER:
        setattr(keep, name, getattr(keep, name) or getattr(duplicate, name))

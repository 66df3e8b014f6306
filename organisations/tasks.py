"""Background work of this app."""

from celery import shared_task

from organisations import services


@shared_task(name="organisations.erase_old")
def erase_old() -> None:
    """Forget whom the privacy notice promises to forget by now."""
    services.erase_old_contacts()
    services.erase_old_demand()
    services.erase_old_invitations()

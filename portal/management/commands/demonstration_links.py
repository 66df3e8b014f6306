"""Prints where the running demonstration is found and a sign-in link for a person of each kind."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from portal.demo.people import Group, groups


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.ONE_CLICK_SIGN_IN:
            raise CommandError("One-click sign-in exists in demonstration mode only.")
        self.stdout.write(f"\n  The product       {settings.BASE_URL}/")
        self.stdout.write(f"  Mail that it sent {settings.BASE_URL}{reverse('demo:mail')}")
        self.stdout.write(f"  Everybody else    {settings.BASE_URL}{reverse('demo:people')}\n")
        for group in groups():
            self.write_group(group)
        self.stdout.write("\n  Press Ctrl-C to stop.\n")

    def write_group(self, group: Group) -> None:
        """The programme team whole, of every other kind one person: the page lists more."""
        staff = group.people[0].user.is_staff
        for person in group.people if staff else group.people[:1]:
            link = settings.BASE_URL + reverse("demo:sign_in", args=[person.user.pk])
            self.stdout.write(f"  {group.title if not staff else person.detail}: {person.user}\n    {link}")

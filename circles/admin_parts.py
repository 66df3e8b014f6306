"""What the pages of this app in the admin share."""

from typing import Any

from django.http import HttpRequest

# How lists of what is a person's are searched.
PEOPLE = ["enrolment__user__sort_name", "enrolment__user__email", "enrolment__organisation__name"]


class NotMadeByHand:
    """Rows that come from publishing circles and from people's own acts."""

    view_on_site = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

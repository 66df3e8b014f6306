"""The few tags and filters that a text of a message may use."""

from django import template
from django.template import defaultfilters, defaulttags

register = template.Library()
register.tag("if", defaulttags.do_if)
register.tag("for", defaulttags.do_for)

for _filter in (
    defaultfilters.capfirst, defaultfilters.default, defaultfilters.join, defaultfilters.lower,
    defaultfilters.pluralize,
):  # fmt: skip
    register.filter(_filter.__name__, _filter)

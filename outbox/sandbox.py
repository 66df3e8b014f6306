"""Templates that can do no harm: plain values, “if” and “for”, a few filters; no files, no other tags."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from django.template import Context, Engine, Origin, Template
from django.template.base import FilterExpression, Node, NodeList, Variable, VariableNode
from django.template.defaulttags import ForNode, IfNode

TAGS = ["if", "elif", "else", "endif", "for", "empty", "endfor"]
FILTERS = ["capfirst", "default", "join", "lower", "pluralize"]
_WORDS = {"True", "False", "None"}  # what Django knows without being told
_TRUTH = {"and", "or", "not"}  # what asks of a value no more than whether it is there
TOKEN = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}")


class Sandbox(Engine):
    default_builtins: ClassVar[list[str]] = ["outbox.sandbox_tags"]


# The files are Markdown, not HTML: Django's own escaping would write &amp; into the plain text.
ENGINE = Sandbox(autoescape=False, loaders=[("django.template.loaders.locmem.Loader", {})])


@dataclass(frozen=True)
class Use:
    """One place where a template asks for a value. Where it `decides`, its value does more than stand there."""

    name: str
    line: int
    decides: bool = False

    @property
    def root(self) -> str:
        """The name by which the value is given."""
        return self.name.partition(".")[0]


def compiled(source: str, origin: str = "a text of the team") -> Template:
    """The template; raises TemplateSyntaxError, whose `token` tells the line."""
    return Template(source, origin=Origin(origin), engine=ENGINE)


@dataclass(frozen=True)
class Pair:
    """The templates of a subject and of a text, and the names that they ask for.

    A `free` value stands where it stands, or is asked whether it is there at all; nothing else hangs on it. `html` is
    there where the HTML part is not made from the text.
    """

    subject: Template
    body: Template
    names: frozenset[str]
    roots: tuple[str, ...]
    free: frozenset[str]
    html: Template | None = None

    def fill(self, values: dict[str, Any]) -> tuple[str, str]:
        context = Context(values, autoescape=False)
        return self.subject.render(context), self.body.render(context)


@lru_cache(maxsize=512)
def pair(subject: str, body: str, origin: str = "a text of the team", html: str = "") -> Pair:
    """Compiled once, however many messages leave in these words. What the HTML of its own names, the text does too."""
    templates = compiled(subject, origin), compiled(body, origin)
    found = [use for template in templates for use in uses(template)]
    roots, fixed = {use.root for use in found}, {use.root for use in found if use.decides}
    names, own = frozenset(use.name for use in found), compiled(html, origin) if html else None
    return Pair(*templates, names, tuple(sorted(roots)), frozenset(roots - fixed), own)


def uses(template: Template) -> Iterator[Use]:
    """Every value that the template asks for, whichever branch would be taken, with its line."""
    return _in_nodes(template.nodelist, frozenset())


def _in_nodes(nodes: NodeList, local: frozenset[str]) -> Iterator[Use]:
    for node in nodes:
        if isinstance(node, VariableNode):
            yield from _in_expression(node.filter_expression, node, local)
        elif isinstance(node, IfNode):
            for condition, inside in node.conditions_nodelists:
                yield from _in_condition(condition, node, local)
                yield from _in_nodes(inside, local)
        elif isinstance(node, ForNode):
            yield from _in_expression(node.sequence, node, local, decides=True)
            yield from _in_nodes(node.nodelist_loop, local | {"forloop", *node.loopvars})
            yield from _in_nodes(node.nodelist_empty, local)


def _in_condition(condition: Any, node: Node, local: frozenset[str], *, decides: bool = False) -> Iterator[Use]:
    if condition is None:
        return
    if isinstance(getattr(condition, "value", None), FilterExpression):
        yield from _in_expression(condition.value, node, local, decides=decides)
    for part in (condition.first, condition.second):
        yield from _in_condition(part, node, local, decides=decides or condition.id not in _TRUTH)


def _in_expression(
    expression: FilterExpression, node: Node, local: frozenset[str], *, decides: bool = False
) -> Iterator[Use]:
    arguments = [value for _, found in expression.filters for is_variable, value in found if is_variable]
    for variable in [expression.var, *arguments]:
        if isinstance(variable, Variable) and variable.lookups:
            name = ".".join(variable.lookups)
            if variable.lookups[0] not in local and name not in _WORDS:
                yield Use(name, node.token.lineno, decides or bool(expression.filters) or len(variable.lookups) > 1)

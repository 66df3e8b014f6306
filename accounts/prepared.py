"""Queries whose SQL is written once in each process.

On the pages that people open most, Django spends longer in putting a query together, the same one as for the last
visitor, than PostgreSQL does in answering it. A selector marked `prepared` is put together at its first call, with
marks in place of its values; afterwards only the values are put in. Nothing that was found is kept: every call asks the
database.
"""

import copy
import datetime as dt
import functools
import secrets
import uuid
from collections.abc import Callable, Sequence
from typing import Any, ParamSpec

from django.db import connections
from django.db.models import QuerySet

from accounts import clock

P = ParamSpec("P")
# While a query is put together the clock stands here; how far from it a moment lies is how far it lies from now.
_MOMENT = dt.datetime(1971, 7, 1, 12, 34, 56, 789_012, tzinfo=dt.UTC)
_NEAR = dt.timedelta(days=3 * 365)
# A longer list is put together anew: each length is a query of its own, and few pages have long ones.
_LONGEST = 20


class NotPreparedError(Exception):
    """The query can't be prepared; the message says what keeps it from that."""


def prepared(build: Callable[P, QuerySet]) -> Callable[P, list[Any]]:
    """Makes of a function that returns a queryset one that returns its rows.

    Its arguments are values, not objects: keys, text, moments, or lists of them, given by position. What they are must
    change values in the query only, and so must the time, of which it asks the clock as ever. It starts from
    `Model.objects`, never from an object's own (`circle.sessions`), which would be remembered with it.
    """
    written: dict[tuple[int, ...], _Prepared] = {}

    @functools.wraps(build)
    def rows(*values: P.args, **named: P.kwargs) -> list[Any]:
        lengths = tuple(len(one) if isinstance(one, list) else -1 for one in values)
        # A list without anything in it is another query too, mostly none at all.
        if named or 0 in lengths or max(lengths, default=0) > _LONGEST:
            return list(build(*values, **named))
        if lengths not in written:
            written[lengths] = _Prepared(build, values)
        return written[lengths].rows(values)

    return rows


class _Prepared:
    """The SQL of one query, and which value goes where in it."""

    def __init__(self, build: Callable[..., QuerySet], values: Sequence[Any]) -> None:
        marks = [_mark(value) for value in values]
        with clock.standing_at(_MOMENT):
            self.queryset = build(*marks)
            if self.queryset._known_related_objects:
                raise NotPreparedError("It starts from an object: start from Model.objects and pass the key.")
            self.compiler = self.queryset.query.get_compiler(self.queryset.db)
            self.sql, params = self.compiler.as_sql()
        columns = [column for column, _, _ in self.compiler.select[: self.compiler.col_count]]
        self.converters = self.compiler.get_converters(columns)
        flat = _flat(marks)
        self.places = [_place(param, flat) for param in params]
        if missing := set(range(len(flat))) - {place for place in self.places if isinstance(place, int)}:
            raise NotPreparedError(f"Of its values {sorted(missing)} do not stand in the query as they are.")

    def rows(self, values: Sequence[Any]) -> list[Any]:
        flat, now = _flat(values), clock.now()
        params = tuple(flat[one] if isinstance(one, int) else one(now) for one in self.places)
        compiler, query = copy.copy(self.compiler), copy.copy(self.queryset.query)
        compiler.connection = connections[self.queryset.db]  # each thread has its own
        compiler.as_sql = lambda *_, **__: (self.sql, params)
        compiler.get_converters = lambda _: self.converters
        query.get_compiler = lambda *_, **__: compiler
        found = self.queryset.__class__(model=self.queryset.model, query=query, using=self.queryset.db)
        found._iterable_class, found._fields = self.queryset._iterable_class, self.queryset._fields
        found._prefetch_related_lookups = self.queryset._prefetch_related_lookups
        return list(found)


def _flat(values: Sequence[Any]) -> list[Any]:
    return [part for value in values for part in (value if isinstance(value, list) else [value])]


def _mark(value: Any) -> Any:
    """Something of the same sort that stands nowhere else in the query."""
    if isinstance(value, list):
        return [_mark(part) for part in value]
    if isinstance(value, uuid.UUID):
        return uuid.uuid4()
    if isinstance(value, str):
        return secrets.token_hex(16)
    if isinstance(value, dt.datetime):
        return dt.datetime(1950, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=secrets.randbelow(10**12))
    raise NotPreparedError(f"{type(value).__name__} is no value for it: pass a key, text or a moment.")


def _place(param: Any, marks: list[Any]) -> int | Callable[[dt.datetime], Any]:
    """Which value stands here: one of those that are passed, by its number, or what follows from the time."""
    found = next((number for number, mark in enumerate(marks) if type(param) is type(mark) and param == mark), None)
    if found is not None:
        return found
    if isinstance(param, dt.datetime):
        since = param - _MOMENT
        if abs(since) > _NEAR:
            raise NotPreparedError("A moment in it does not come from the clock.")
        return lambda now: now + since
    if isinstance(param, dt.date):
        days = param - clock.local(_MOMENT).date()
        if abs(days) > _NEAR:
            raise NotPreparedError("A day in it does not come from the clock.")
        return lambda now: clock.local(now).date() + days
    return lambda now: param

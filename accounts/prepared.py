"""Queries whose SQL is written once in each process, and read once by each connection.

On the pages that people open most, Django spends longer in putting a query together, the same one as for the last
visitor, and PostgreSQL in reading and planning it, than PostgreSQL does in answering it. A selector marked `prepared`
is put together at its first call, with marks in place of its values; afterwards only the values are put in. PostgreSQL
is told the query once a connection (`PREPARE`) and then asked for it by name. Nothing that was found is kept: every
call asks the database.
"""

import copy
import datetime as dt
import functools
import itertools
import secrets
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ParamSpec

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet, prefetch_related_objects
from django.db.models.query import ModelIterable, ValuesListIterable, get_related_populators
from django.db.models.sql.compiler import SQLCompiler
from psycopg2.extensions import AsIs

from accounts import clock

P = ParamSpec("P")
# While a query is put together the clock stands here; how far from it a moment lies is how far it lies from now.
_MOMENT = dt.datetime(1971, 7, 1, 12, 34, 56, 789_012, tzinfo=dt.UTC)
_NEAR = dt.timedelta(days=3 * 365)
# A longer list is put together anew: each length is a query of its own, and few pages have long ones.
_LONGEST = 20
_SERVER_TYPES = {uuid.UUID: "uuid", dt.datetime: "timestamptz", dt.date: "date"}  # of others PostgreSQL finds the type
_NAMES = (f"comc_{secrets.token_hex(4)}_{number}" for number in itertools.count(1))
_HELD = "_comc_prepared"  # on Django's connection: PostgreSQL's session, and the names that it knows


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
    """The SQL of one query, which value goes where in it, and what becomes of its rows."""

    def __init__(self, build: Callable[..., QuerySet], values: Sequence[Any]) -> None:
        marks = [_mark(value) for value in values]
        with clock.standing_at(_MOMENT):
            queryset = build(*marks)
            if queryset._known_related_objects:
                raise NotPreparedError("It starts from an object: start from Model.objects and pass the key.")
            self.compiler = queryset.query.get_compiler(queryset.db)
            self.sql, self.params = self.compiler.as_sql()
        self.database, self.prefetched = queryset.db, queryset._prefetch_related_lookups
        columns = [column for column, _, _ in self.compiler.select[: self.compiler.col_count]]
        self.converters = self.compiler.get_converters(columns)
        self.made = _maker(queryset, self.compiler)
        flat = _flat(marks)
        self.places = [_place(param, flat) for param in self.params]
        if missing := set(range(len(flat))) - {place for place in self.places if isinstance(place, int)}:
            raise NotPreparedError(f"Of its values {sorted(missing)} do not stand in the query as they are.")
        self.name, self.varying = next(_NAMES), [number for number, one in enumerate(self.places) if one is not None]
        self.by_name = f"EXECUTE {self.name}" + (f"({', '.join(['%s'] * len(self.varying))})" if self.varying else "")

    def rows(self, values: Sequence[Any]) -> list[Any]:
        flat, now = _flat(values), clock.now()
        params = tuple(
            constant if place is None else flat[place] if isinstance(place, int) else place(now)
            for place, constant in zip(self.places, self.params, strict=True)
        )
        connection = connections[self.database]  # each thread has its own
        with connection.cursor() as cursor:
            if _may_call_by_name(connection):
                self._tell(connection, params)
                cursor.execute(self.by_name, [params[number] for number in self.varying])
            else:
                cursor.execute(self.sql, params)
            found: Iterable[Any] = cursor.fetchall()
        if self.converters:
            found = self._converted(found, connection)
        made = [self.made(row) for row in found]
        if self.prefetched and made:
            prefetch_related_objects(made, *self.prefetched)
        return made

    def _converted(self, rows: Iterable[Any], connection: BaseDatabaseWrapper) -> Iterator[Any]:
        compiler = copy.copy(self.compiler)
        compiler.connection = connection
        return compiler.apply_converters(rows, self.converters)

    def _tell(self, connection: BaseDatabaseWrapper, params: Sequence[Any]) -> None:
        """Prepare it in this session, unless that has been done. It stays there, whatever is rolled back."""
        session, names = connection.__dict__.get(_HELD, (None, set()))
        if session is not connection.connection:
            session, names = connection.connection, set()
            connection.__dict__[_HELD] = session, names
        if self.name in names:
            return
        places, types = list(params), []
        for number, at in enumerate(self.varying, start=1):
            places[at] = AsIs(f"${number}")
            types.append(_SERVER_TYPES.get(type(params[at]), "unknown"))
        declared = f"({', '.join(types)})" if types else ""
        with session.cursor() as cursor:
            cursor.execute(f"PREPARE {self.name}{declared} AS {self.sql}", places)
        names.add(self.name)


def plan_once(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """For a connection just made: what it is told is planned for every value at once, not again for each.

    Left to itself PostgreSQL plans anew where it reckons that a plan for one value costs less; of the queries told
    here, which ask for the few rows of a key, the planning is the larger part.
    """
    if connection.vendor == "postgresql" and _may_call_by_name(connection):
        with connection.connection.cursor() as cursor:  # not Django's, which would count and log it
            cursor.execute("SET plan_cache_mode TO force_generic_plan")


def _may_call_by_name(connection: BaseDatabaseWrapper) -> bool:
    """Not where queries are listened to or written down, which is done by their words; not where each request has a
    connection of its own, nor behind a pooler that changes it between transactions, as Django's setting says."""
    if connection.queries_logged or connection.execute_wrappers:
        return False
    settings = connection.settings_dict
    return settings["CONN_MAX_AGE"] != 0 and not settings.get("DISABLE_SERVER_SIDE_CURSORS")


def _maker(queryset: QuerySet, compiler: SQLCompiler) -> Callable[[Sequence[Any]], Any]:
    """Makes of a row what the queryset makes of it: a tuple, or an object with those that are selected with it."""
    if queryset._iterable_class is ValuesListIterable:
        return tuple
    if queryset._iterable_class is not ModelIterable:
        raise NotPreparedError("It answers neither objects nor tuples.")
    database, model, columns = queryset.db, compiler.klass_info["model"], compiler.klass_info["select_fields"]
    first, beyond = columns[0], columns[-1] + 1
    names = [column[0].target.attname for column in compiler.select[first:beyond]]
    related = get_related_populators(compiler.klass_info, compiler.select, database)
    annotations = list((compiler.annotation_col_map or {}).items())

    def made(row: Sequence[Any]) -> Model:
        one = model.from_db(database, names, row[first:beyond])
        for other in related:
            other.populate(row, one)
        for name, column in annotations:
            setattr(one, name, row[column])
        return one

    return made


def attach(objects: Iterable[Model], name: str, rows: Iterable[Model]) -> None:
    """What `prefetch_related` of a reverse foreign key leaves, from rows that a prepared query has found."""
    found: dict[Any, list[Model]] = {}
    for one in objects:
        relation = getattr(one, name)
        queryset = relation.all()
        queryset._result_cache = found.setdefault(one.pk, [])
        queryset._prefetch_done = True
        one._prefetched_objects_cache = {**getattr(one, "_prefetched_objects_cache", {}), name: queryset}
        own = relation.field.attname
    for row in rows:
        found[getattr(row, own)].append(row)


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


def _place(param: Any, marks: list[Any]) -> int | Callable[[dt.datetime], Any] | None:
    """Which value stands here: one of those that are passed, by its number, what follows from the time, or always the
    same (`None`)."""
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
    return None

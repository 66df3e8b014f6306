"""What was worked out before, for as long as nothing that it was worked out from has changed.

Every transaction that changes a row of a watched table says so in `accounts_change`, by trigger, and this becomes
visible in the same instant as the change itself, whichever way it was made. What is remembered knows the tables that
it was read from, because its queries were listened to, and the snapshot of the database that it was read in. So one
query tells whether it still holds: it does unless a transaction that this snapshot did not see has changed one of them.
Nothing has to be told to forget, and nothing is shown after it has changed.

It stays in the memory of the process: names of people are never put anywhere else.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection

from accounts import clock

# Rules ask what time it is, too: nothing is remembered for longer, whatever has or has not changed. In seconds.
FRESH_FOR = 120
MOST = 100  # places; the one that was longest not asked for goes first
CLOCK = {"accounts_clockoffset"}  # a place is of one moving of the clock
QUOTED = re.compile(r'"(\w+)"')
# Both in one statement, and so in one snapshot: what changed since the old one, and the new one.
CHANGED_SINCE = """
SELECT pg_postmaster_start_time()::text, pg_current_snapshot()::text, pg_current_xact_id_if_assigned() IS NULL,
    ARRAY(SELECT DISTINCT source FROM accounts_change
          WHERE xact >= pg_snapshot_xmin(%s::pg_snapshot) AND NOT pg_visible_in_snapshot(xact, %s::pg_snapshot))
"""
NOW = """
SELECT pg_postmaster_start_time()::text, pg_current_snapshot()::text, pg_current_xact_id_if_assigned() IS NULL,
    ARRAY[]::text[]
"""
WATCHED = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'accounts_says_changed'"

T = TypeVar("T")


@dataclass(frozen=True)
class _Kept:
    value: Any
    tables: frozenset[str]
    at: float


class Memory:
    """What is remembered in one place. Call it with a name and the work; it works only when it has to.

    The work's queries are all made while it runs, so let it answer whole lists of plain values. It may ask for other
    things that are remembered in the same place. `reads` are tables whose rows it was given and did not ask for itself.
    """

    def __init__(self, server: str, snapshot: str, kept: dict[str, _Kept]) -> None:
        self.server, self.snapshot, self._kept = server, snapshot, kept
        self._listening: list[set[str]] = []  # the tables of works that go on, one within the other

    def __call__(self, name: str, work: Callable[[], T], reads: tuple[str, ...] = ()) -> T:
        found = self._kept.get(name)
        if found is None:
            found = self._work(work, set(reads))
            if found.tables <= _watched():
                self._kept[name] = found
        for tables in self._listening:
            tables |= found.tables
        return found.value

    def _work(self, work: Callable[[], Any], tables: set[str]) -> _Kept:
        at = time.monotonic()

        def listen(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
            tables.update(QUOTED.findall(sql))
            return execute(sql, params, many, context)

        self._listening.append(tables)
        try:
            with connection.execute_wrapper(listen):
                value = work()
        finally:
            self._listening.pop()
        return _Kept(value, frozenset(tables & _tables() - CLOCK), at)

    def still(self, changed: set[str]) -> dict[str, _Kept]:
        """What of it holds, now that these tables have changed."""
        since = time.monotonic() - FRESH_FOR
        kept = self._kept.copy()  # another thread may be adding to it
        return {name: one for name, one in kept.items() if one.at > since and not one.tables & changed}


_places: OrderedDict[Hashable, Memory] = OrderedDict()
_moving = Lock()


def of(*place: Hashable) -> Memory:
    """What is remembered in a place and still holds. The place names whatever else the answers hang on: who asks, with
    which rights. Today's date and the moving of the clock are part of it anyway."""
    key = (*place, clock.today(), clock.offset())
    before = _places.get(key)
    with connection.cursor() as cursor:
        cursor.execute(*((CHANGED_SINCE, [before.snapshot] * 2) if before else (NOW,)))
        server, snapshot, has_written_nothing, changed = cursor.fetchone()
    # A transaction that has written sees what nobody else does, and what may never be. A server that was started again
    # may have lost the list of changes.
    if not has_written_nothing:
        return Memory(server, snapshot, {})
    now = Memory(server, snapshot, before.still(set(changed)) if before and before.server == server else {})
    with _moving:
        _places[key] = now
        _places.move_to_end(key)
        while len(_places) > MOST:
            _places.popitem(last=False)
    return now


def forget() -> None:
    """Start from nothing, as a new process does."""
    _places.clear()


def forget_changes() -> None:
    """Delete the list of changes that are long past: nobody remembers anything from before."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_change WHERE at < clock_timestamp() - interval '1 day'")


@cache
def _tables() -> frozenset[str]:
    return frozenset(model._meta.db_table for model in apps.get_models(include_auto_created=True))


@cache
def _watched() -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute(WATCHED)
        return frozenset(name for (name,) in cursor.fetchall())

"""What follows from a change: who leaves which seat, who takes one, and who is told what."""

from dataclasses import dataclass

from circles.selectors.standing import CircleNow, Standing
from circles.services.changes.plans import Change, Move
from circles.services.membership import LEFT
from circles.services.publishing import PLACED
from cohorts.models import Side
from participants.models import Enrolment

MOVED, UNSEATED, NEW_LEAD, GROWN = "circles.moved", "circles.unseated", "circles.new_lead", "circles.grown"
NO_LEAD, MEMBER_LEFT = "circles.no_lead", "circles.member_left"
EMPLOYED = "participants.employer_changed"


@dataclass(frozen=True)
class Notice:
    """One message to one person; `circle` is the one it is about, None for the new one and for who has none."""

    kind: str
    to: Enrolment
    circle: CircleNow | None = None


@dataclass(frozen=True)
class Effects:
    """A change on a standing, worked out."""

    standing: Standing
    change: Change

    @property
    def gone(self) -> set[object]:
        """Those who leave the seat that they have: the cohort, or this circle only."""
        return {one.pk for one in self.change.withdraws} | {move.who.pk for move in self.change.moves}

    def before(self, now: CircleNow) -> CircleNow:
        """A circle as it is today, whichever of its plans `now` is from."""
        return self.standing.circles[now.key]

    def stay(self, now: CircleNow) -> list[Enrolment]:
        """Those who sit in a circle before and after."""
        return [one for one in self.before(now).people if one.pk not in self.gone]

    def joins(self, now: CircleNow | None) -> list[Move]:
        """Those who take a seat in a circle; in the new one for None."""
        if now is None:
            return [move for move in self.change.moves if move.to_new]
        return [move for move in self.change.moves if move.to and move.to.key == now.key]

    def after(self, now: CircleNow) -> list[Enrolment]:
        return self.stay(now) + [move.who for move in self.joins(now)]

    @property
    def touched(self) -> list[CircleNow]:
        """Every open circle that somebody leaves or joins, in their order."""
        keys = {move.to.key for move in self.change.moves if move.to}
        keys |= {now.key for pk, now in self.standing.seat_of.items() if pk in self.gone}
        keys |= {now.key for now in (self.change.closes, self.change.into) if now}
        return [now for key, now in self.standing.circles.items() if key in keys]

    # --- who is told ------------------------------------------------------------------------------
    def notices(self) -> list[Notice]:
        found = [Notice(LEFT, one) for one in self.change.withdraws]
        if self.change.employs:
            found.append(Notice(EMPLOYED, self.change.employs.who))
        for move in self.change.moves:
            found.append(Notice(self.kind_for(move), move.who, move.to))
        for now in self.touched:
            found += self._news(now)
        return found

    def kind_for(self, move: Move) -> str:
        """How somebody is told of their new seat, or that they have none."""
        if not move.is_seated:
            return UNSEATED
        was_seated = move.who.pk in self.standing.seat_of
        return MOVED if was_seated and move.who.side == Side.MEMBER else PLACED

    def _news(self, now: CircleNow) -> list[Notice]:
        """What those hear who stay where they are, at most one thing: that somebody else leads or nobody does, that
        others join, or that there are fewer of them.
        """
        joined, stay = self.joins(now), self.stay(now)
        members = [one for one in stay if one.side == Side.MEMBER]
        if self.change.into is not None and self.change.into.key == now.key:
            return [Notice(GROWN, one, now) for one in stay]
        if any(move.who.side == Side.LEAD for move in joined):
            return [Notice(NEW_LEAD, one, now) for one in members]
        if self._loses_lead(now):
            return [Notice(NO_LEAD, one, now) for one in members]
        if joined:
            return [Notice(GROWN, one, now) for one in stay if one.side == Side.LEAD]
        return [Notice(MEMBER_LEFT, one, now) for one in stay]

    def _loses_lead(self, now: CircleNow) -> bool:
        """Whether a circle goes on, and who leads it goes without anybody in their place."""
        closes = self.change.closes is not None and self.change.closes.key == now.key
        lead = self.before(now).lead
        return not closes and lead is not None and lead.pk in self.gone

"""Changes after publication. Each proposes the least that has to change, explains it, and is made in one act.

`plans`        what a plan is made of           `effects`       what follows from it, worked out
`leaving`      a member or a lead withdraws     `consequences`  the same in words, for the page
`joining`      a late member, a reserve mentor  `carrying_out`  the same as one act
`merging`      two thin circles become one      `undoing`       a withdrawal taken back within a day
`beyond`       places, stand-ins, ceremonies    `employing`     somebody works for another organisation
`moving_people` somebody changes circles `undoing_moves` a move taken back within a day
`weighing`     better or worse off, in words
"""

from circles.services.changes.carrying_out import confirm
from circles.services.changes.consequences import Consequences, consequences
from circles.services.changes.employing import plan_employer
from circles.services.changes.joining import plan_seat
from circles.services.changes.leaving import plan_new_lead, plan_withdrawal
from circles.services.changes.merging import partners, plan_merge
from circles.services.changes.moving_people import plan_move
from circles.services.changes.plans import ChangeError, Option, Plan, StalePlanError
from circles.services.changes.undoing import Undo, plan_undo, undo_withdrawal
from circles.services.changes.undoing_moves import MoveUndo, plan_undo_move, undo_move

__all__ = [
    "ChangeError",
    "Consequences",
    "MoveUndo",
    "Option",
    "Plan",
    "StalePlanError",
    "Undo",
    "confirm",
    "consequences",
    "partners",
    "plan_employer",
    "plan_merge",
    "plan_move",
    "plan_new_lead",
    "plan_seat",
    "plan_undo",
    "plan_undo_move",
    "plan_withdrawal",
    "undo_move",
    "undo_withdrawal",
]

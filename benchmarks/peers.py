"""One measurement of a peer from the package index, inside `.venv-bench`, which holds the peers and nothing of ours.

The same JSON in and out as `one.py`. It is given the peers' own cohorts: ten to a circle, the mentor from another
organisation, one mentee of an organisation in a circle, a common hour. What a peer cannot be told it is not told, and
the judge counts what comes of it. The scores are those of `peer_cases.score`.
"""

import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

Data = dict[str, Any]
Groups = dict[str, list[str]]


def mentor_match(problem: Data, *, rounds: int) -> Groups:
    """Pairs by assignment, so circles by a detour: each mentor cloned ten times and matched once (`rounds` 1), or ten
    rounds of one mentee a mentor, in which those already in a circle can be asked about."""
    from matching.mentee import Mentee
    from matching.mentor import Mentor
    from matching.process import process_data
    from matching.rules import rule

    clones = 10 if rounds == 1 else 1
    goals: dict[str, set[str]] = {}

    def person(kind: Callable[..., Any], one: Data, clone: int = 0) -> Any:
        email = f"{one['id']}/{clone}"
        goals[email] = set(one.get("goals") or one.get("expertise") or ())
        return kind(email=email, organisation=one["organisation"], grade=one["level"], profession=one["function"])

    mentors = [person(Mentor, one, clone) for one in problem["mentors"] for clone in range(clones)]
    mentees = [person(Mentee, one) for one in problem["mentees"]]

    def shared_goals(amount: int) -> Any:
        return rule.Generic({True: 3, False: 0}, lambda m: len(goals[m.mentor.email] & goals[m.mentee.email]) >= amount)

    def same_organisation(match: Any) -> bool:
        members = [match.mentor, *match.mentor.mentees]
        return match.mentee.organisation in {one.organisation for one in members}

    rules = [
        rule.Disqualify(same_organisation),
        rule.Disqualify(lambda match: bool(match.mentee.mentors)),
        rule.Grade(2, lambda a, b: a == b, {True: 11, False: 0}),
        rule.Grade(1, lambda a, b: a == b, {True: 8, False: 0}),
        rule.Equivalent("profession", {True: 9, False: 0}),
        *(shared_goals(amount) for amount in (1, 2, 3)),
    ]
    process_data(mentors, mentees, [rules] * rounds)
    groups: Groups = {}
    for one in mentors:
        members = [mentee.email.partition("/")[0] for mentee in one.mentees]
        groups.setdefault(one.email.partition("/")[0], []).extend(members)
    return groups


def team_formation(problem: Data, *, availability: bool, seconds: float) -> Groups:
    """Teams of eleven, one of them a mentor as far as it can be asked for; everybody is in a team."""
    import pandas as pd
    from team_formation import TeamAssignment

    # Its solver takes every processor that it sees, and it has no setting for it.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    people = [(one, "mentor") for one in problem["mentors"]] + [(one, "mentee") for one in problem["mentees"]]
    frame = pd.DataFrame(
        [{"id": one["id"], "organisation": one["organisation"], "role": role, "slots": list(one["slots"])}
         for one, role in people]
    )  # fmt: skip
    wishes = [("organisation", "different", 10), ("role", "diversify", 10)]
    wishes += [("slots", "cluster", 10)] if availability else []
    constraints = pd.DataFrame(wishes, columns=["attribute", "type", "weight"])
    teams = TeamAssignment(frame, constraints, 11, less_than_target=True)
    teams.solve(max_time_in_seconds=seconds)
    if not teams.solution_found:
        return {}
    groups: Groups = {}
    for _, team in teams.participants.groupby("team_num"):
        leads = list(team.loc[team["role"] == "mentor", "id"])
        if leads:
            groups[leads[0]] = list(team.loc[team["role"] == "mentee", "id"])
    return groups


def as_answer(problem: Data, groups: Groups) -> Data:
    """Each group at the hour that suits most of it; who is in none waits."""
    people = {one["id"]: one for one in problem["mentors"] + problem["mentees"]}
    circles = []
    for mentor, members in groups.items():
        hours = Counter(slot for ident in [mentor, *members] for slot in people[ident]["slots"])
        if members:
            best = max(sorted(hours), key=lambda slot: hours[slot])
            circles.append({"mentor": mentor, "slot": best, "place": None, "language": None, "mentees": members})
    placed = {ident for members in groups.values() for ident in members}
    waiting = [one["id"] for one in problem["mentees"] if one["id"] not in placed]
    return {"circles": circles, "waiting": [{"mentee": ident, "reason": "Not matched."} for ident in waiting]}


PEERS: dict[str, Callable[[Data, float], Groups]] = {
    "mentor-match cloned": lambda problem, seconds: mentor_match(problem, rounds=1),
    "mentor-match ten rounds": lambda problem, seconds: mentor_match(problem, rounds=10),
    "team-formation": lambda problem, seconds: team_formation(problem, availability=False, seconds=seconds),
    "team-formation hours": lambda problem, seconds: team_formation(problem, availability=True, seconds=seconds),
}


def main() -> None:
    task = json.load(sys.stdin)
    # What the peers print must not stand in the answer.
    out, sys.stdout = sys.stdout, sys.stderr
    started = time.monotonic()
    answer = as_answer(task["problem"], PEERS[task["solver"]](task["problem"], task["seconds"]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = time.monotonic() - started
    json.dump(
        {"answer": answer, "seconds": seconds, "peak_mb": round(peak / (2**20 if sys.platform == "darwin" else 2**10))},
        out,
    )


if __name__ == "__main__":
    main()

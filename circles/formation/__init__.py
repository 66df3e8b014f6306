"""Forms circles: puts each mentee in exactly one circle, or on the waiting list with the reason.

A pure package: it knows no web application and no database. Its rooms, in reading order:

`problem`   who there is and what must hold       `reading`   problems from JSON, refused by field and id
`answer`    circles and the waiting list          `rules`     the hard rules, and which one an answer breaks
`cost`      what an answer costs, part by part    `numbers`   the problem as arrays
`seating`   who sits where while we search        `improve`   many people lifted and seated again at once
`meetings`  when circles meet, so that most sit   `matching`  how many can sit, mended after each change
`market`    when circles meet, by what seats cost `mutual`    pairs in which each mentors the other
`readiness` what stands in the way before a run   `cycles`    which meetings a search begins from
`bound`     what no answer can cost less than     `shortlist` the shortest waiting list, and its proof
`exact`     the optimum of a small cohort         `columns`   strong bounds for some hundred people
`prover`    the proofs, beside the search         `explain`   why somebody is placed or waits
`solve`     the whole run, within its time        `budget`    how long it may go on, and who hears how far it is
"""

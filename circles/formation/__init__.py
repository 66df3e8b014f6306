"""Forms circles: puts each mentee in exactly one circle, or on the waiting list with the reason.

A pure package: it knows no web application and no database. Its rooms, in reading order:

`problem`   who there is and what must hold       `reading`   problems from JSON, refused by field and id
`answer`    circles and the waiting list          `rules`     the hard rules, and which one an answer breaks
`cost`      what an answer costs, part by part    `numbers`   the problem as arrays
`seating`   who sits where while we search        `improve`   many people lifted and seated again at once
`shortlist` the shortest waiting list             `mutual`    pairs in which each mentors the other
`explain`   why somebody is placed or waits       `solve`     the whole run, within its time
"""

"""A sentence above each list, for whoever meets its word for the first time."""

WORDS = {
    "organisations.interest": "One submission of the public form: a question, or a registration for a cohort.",
    "organisations.organisation": "Employers: those that ask, and those that take part.",
    "organisations.participation": "An organisation confirmed in a cohort, with the places agreed for it.",
    "organisations.demand": "People whose employer does not take part, counted for that employer. Nobody is named.",
    "participants.nomination": "A person put forward by their organisation. They have no account until they accept.",
    "participants.enrolment": "A person in a cohort, once, in one role, with the organisation that they had then.",
    "circles.circle": "One mentor and those who are mentored; a pair is a circle of two.",
    "circles.session": "One monthly meeting of a circle.",
    "circles.attendance": "Who came to a session, as the circle itself recorded it.",
    "cohorts.cohort": "One numbered run of a format, with its key dates.",
    "outbox.message": "Everything the system sends. It is a row before it is an e-mail; its text is not kept.",
    "content.resource": "Training and reading for people in one role of one format; blank means everybody.",
    "staff.task": "What somebody of the team is to do, by a day. It is added on the page of what it is about.",
    "surveys.testimonial": "Quotes that people offered. One is public only while its state and its date allow it.",
}

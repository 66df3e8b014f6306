"""A sentence above each list and its rows, for whoever meets their word for the first time; one for an empty list."""

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
    "circles.poll": "Dates that a mentor proposes to the circle, with how many could come.",
    "circles.certificate": "Issued when a cohort is closed, to those who came often enough.",
    "circles.concern": "What somebody told the team in confidence. Every reading is written down.",
    "cohorts.cohort": "One numbered run of a format, with its key dates.",
    "cohorts.format": "How a programme is built: who sits together, how many, from which employers, and how they join.",
    "cohorts.topic": "What people choose their goals and their expertise from when they enrol.",
    "cohorts.onboardingitem": "What somebody has to read or do before the first session.",
    "cohorts.cover": "Who of the team is away, and who sees to their work meanwhile.",
    "outbox.message": "Everything the system sends. It is a row before it is an e-mail; its text is not kept.",
    "outbox.suppression": "Mail to these addresses came back, so nothing more is sent to them until somebody lifts it.",
    "content.pagetext": "The running words of the public site and of people’s pages.",
    "content.faq": "Questions and answers on the public site.",
    "content.resource": "Training and reading for people in one role of one format; blank means everybody.",
    "content.baseline": "The figures from before this software, to which closed cohorts are added.",
    "accounts.user": "Everybody who has an account: the team, coordinators, mentors and mentees.",
    "staff.task": "What somebody of the team is to do, by a day. It is added on the page of what it is about.",
    "surveys.instrument": "A scale with its statements, its licence and how it is scored.",
    "surveys.survey": "A cohort’s surveys are made with it. Nothing in one changes once somebody has answered.",
    "surveys.testimonial": "Quotes that people offered. One is public only while its state and its date allow it.",
    "surveys.teamnote": "What people told the team in a check-in. Every reading is written down.",
    "surveys.intrudertest": "Attempts to find a person in the figures, before these are passed on.",
    "surveys.snapshot": "Figures as they were released. They are not worked out again, and nobody changes them.",
    "privacy.auditevent": "Who did what, and when. It is added to only, and holds no values of what was changed.",
    "privacy.complaint": "Complaints about how we use personal data. Every reading is written down.",
    "privacy.consentevent": "What people agreed to, and took back, each with the words that they read.",
    "privacy.consentwording": "The words that people agree to. A new version is added; what was put to people stays.",
}

EMPTY = "It fills by itself as people use the service."
# Where something else has to be done first, and by whom.
WHEN_EMPTY = {
    "organisations.interest": "Employers fill in the form on the public site. Whoever rings can be helped through it.",
    "organisations.organisation": "One appears when an employer registers its interest. You can also add one here.",
    "organisations.participation": "Confirm an interest or an organisation in a cohort; that agrees its places.",
    "organisations.demand": "It counts those who ask for themselves on the public site.",
    "participants.nomination": "Coordinators put people forward once their organisation is confirmed in a cohort.",
    "participants.enrolment": "Somebody appears here when they accept a nomination, or their application is confirmed.",
    "circles.circle": "Circles are formed and published from the page of a cohort, when its enrolments are complete.",
    "circles.session": "Sessions are planned when circles are published.",
    "circles.attendance": "Each circle records who came after its session.",
    "circles.poll": "A mentor proposes dates on the page of their circle.",
    "circles.certificate": "They are issued when a cohort is closed.",
    "circles.concern": "Nobody has told the team anything that you may read here.",
    "cohorts.cohort": "Add one, or clone a cohort that there is from its page.",
    "cohorts.cover": "Add one before somebody of the team is away.",
    "outbox.suppression": "All mail arrives.",
    "staff.task": "Add one on the page of an organisation, a person, an enrolment or a cohort.",
    "privacy.complaint": "Nobody has complained about how we use personal data.",
    "surveys.testimonial": "People are asked for one at the end of the last survey.",
    "surveys.teamnote": "People write one in a check-in, where they choose to.",
    "surveys.intrudertest": "Record one before figures leave the team.",
    "surveys.snapshot": "Figures are released when a cohort is closed.",
}

# Where a list is narrowed from the start: what shows everything.
WHOLE = {"staff.task": "?owner=anybody&state=all"}
NONE = {"staff.task": "No such task"}

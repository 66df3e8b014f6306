"""What the six sessions are about, unless staff write otherwise: aim, what to talk about, what to prepare."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    aim: str
    prompts: tuple[str, ...]
    preparation: str


CIRCLES = [
    Plan(
        "Get to know each other, and agree how you work together",
        (
            "What brought you here, and what would make these six months worth it?",
            "What do we each need from the others to speak openly?",
            "What do we want on our agenda, and who opens which session?",
        ),
        "Think of one thing about your work that you are proud of, and one that you would like to change.",
    ),
    Plan(
        "Know your strengths, and say them with confidence",
        (
            "When were you at your best at work, and what did you bring to it?",
            "What do others come to you for?",
            "What stops us from saying what we are good at, and what helps?",
        ),
        "Ask two people whom you trust what you do well. Write down their words.",
    ),
    Plan(
        "Take stock of where your career is going",
        (
            "Where would you like to be in two years, and what is the next step?",
            "Which skills or experience are missing, and where could you get them?",
            "What did the mentor wish they had known at this point?",
        ),
        "Write down one goal for your career, and the first small step towards it.",
    ),
    Plan(
        "Build networks, and find sponsors and allies",
        (
            "Who knows what you can do, and who should?",
            "What is the difference between a mentor, a sponsor and an ally?",
            "How can the members of this circle open doors for each other?",
        ),
        "Draw a simple map of the people who matter to your work. Mark whom you would like to know better.",
    ),
    Plan(
        "Meet barriers, and influence what is around you",
        (
            "Which barriers have you met, and what did you do?",
            "How do you bring your authentic self to work, and what does it cost?",
            "What would inclusive leadership look like in your team, and what can you do for it?",
        ),
        "Bring one situation at work that you would like to handle differently. Leave out names.",
    ),
    Plan(
        "Look back, look ahead, and keep in touch",
        (
            "What has changed for you since the first session?",
            "What will you do in the next three months, and who will ask you about it?",
            "How do we want to stay in touch?",
        ),
        "Reread the goal that you wrote down. Note what moved, and what you are taking away.",
    ),
]

PAIRS = [
    Plan(
        "Get to know each other, and agree how you work together",
        ("What do we hope for?", "What stays between us?", "How will we tell each other what is not working?"),
        "Think of what you would like the other to understand about your working life.",
    ),
    Plan(
        "Hear about each other’s way to here",
        ("What shaped your career?", "When did you feel that you belonged, and when not?"),
        "Choose one moment of your career that you are willing to talk about.",
    ),
    Plan(
        "Set goals, and see what stands in their way",
        ("What do we each want to change in the coming months?", "What helps, and what gets in the way?"),
        "Write down one goal of your own.",
    ),
    Plan(
        "Take stock halfway",
        ("What have we learned from each other?", "What should we do differently from here on?"),
        "Note what surprised you so far.",
    ),
    Plan(
        "Put it to use at work",
        ("What have you tried since we last met?", "Who else should hear what we have learned?"),
        "Try one thing differently before the session, however small.",
    ),
    Plan(
        "Look back, and decide what stays",
        ("What has changed?", "What will each of us go on doing?", "How do we stay in touch?"),
        "Reread your goal, and note what moved.",
    ),
]

"""A simulated citizen: reads the assistant's answer, and writes what such a person would write."""

import random

from benchmarks.conversations.claims import State
from benchmarks.conversations.goals import GOALS, Goal, Step
from benchmarks.conversations.hearing import Asked, Heard
from benchmarks.conversations.personalities import Personality
from bot.nlu.noise import noisy

NAMES = (
    "Anne Holm",
    "Mogens Bech",
    "Fatima Ali",
    "Jens Peter Krogh",
    "Søren Østergård",
    "Olena Kovalenko",
    "Birthe Lund",
    "Yusuf Demir",
)
# Numbers that begin with 20 to 29 are mobile numbers; many others are given to nobody.
_PHONE = ((20, 29), (10, 99), (10, 99), (10, 99))
# What is asked for while a step is under way belongs to it; anything else is an obstacle.
_ASIDES = ("privacy", "tracks", "robot", "explain", "annoyed", "when")
_ASIDES_ELSEWHERE = ("privacy", "tracks", "robot")
_MENU = {
    Step.ASSESS: ("Svare på spørgsmål", "Fortsæt", "Ja, lad os starte", "Svar på spørgsmål"),
    Step.BOOK: ("Book en tid", "Ja, find en tid"),
    Step.MOVE: ("Flyt min tid",),
    Step.CANCEL: ("Aflys min tid",),
    Step.DISPUTE: ("Jeg er ikke enig",),
    Step.HUMAN: ("Tal med et menneske",),
    Step.WHEN: ("Hvornår er min tid?",),
    Step.PRIVACY: ("Hvad gemmer I?",),
    Step.TRACKS: ("Hvad er sporene?", "Hvad går sporene ud på?"),
    Step.DELETE: ("Få slettet mine data",),
}
_SCALE = ("Det kan jeg ikke", "Med hjælp", "På egen hånd", "Sikkert")
_LAST_WORDS = {"Sikkert": "sikkert, jeg kan vise andre"}


class SimulatedCitizen:
    """One person in one conversation.

    Attributes:
        goal: What they came for.
        name: What they are called.
        phone: Their number, as they write it.
        misread: How many of their answers were noted as another than they meant.
        answered: How many answers they gave.
    """

    def __init__(self, personality: Personality, number: int, seed: int) -> None:
        self._kind = personality
        self._rng = random.Random(f"{seed}:{personality.name}:{number}")
        self.goal: Goal = GOALS[personality.goals[number % len(personality.goals)]]
        self.name = self._rng.choice(NAMES)
        self.phone = " ".join(str(self._rng.randint(*span)) for span in _PHONE)
        self._ability = self._rng.gauss(personality.ability, 0.5)
        self._steps = list(self.goal.steps)
        self._begun = False
        self._meant: int | None = None
        self._last_act = ""
        self._asking: Asked = Asked.NOTHING
        self._unclear = 0
        self._browsed = self._paused = self._aside_last = False
        self.misread = self.answered = 0

    @property
    def done(self) -> bool:
        """Whether they have, or believe they have, got everything they came for."""
        return not self._steps

    def greet(self) -> str:
        """Writes the first message."""
        return self._says("hello")

    def farewell(self) -> str:
        """Writes the last message."""
        return self._says("bye")

    def hear(self, heard: Heard, before: State, after: State) -> None:
        """Notes what has been reached, and whether an answer was taken as it was meant."""
        new = after.answers[len(before.answers) :]
        if new and self._meant is not None:
            self.answered += 1
            self.misread += new[0]["response"] != self._meant
        self._meant = None
        while self._steps and self._steps[0].reached(heard.text, after, self._begun):
            self._steps.pop(0)
            self._begun = False

    def reply(self, heard: Heard) -> str:
        """Writes the next message."""
        asked = heard.asked
        if asked is Asked.UNCLEAR:
            return self._clarify(heard)
        self._unclear = 0
        self._asking = asked
        if self._wanders(asked):
            return self._aside(asked)
        self._aside_last = False
        return self._respond(asked, heard)

    def _respond(self, asked: Asked, heard: Heard) -> str:
        step = self._steps[0]
        if asked is Asked.QUESTION and step in (Step.ASSESS, Step.DISPUTE):
            return self._answer()
        if asked is Asked.REASON:
            return self._says("reason")
        if asked is Asked.RESTART:
            return self._says("no")
        if asked is Asked.OCCUPATION:
            return self._says("occupation")
        if asked in (Asked.TIME, Asked.NAME, Asked.PHONE, Asked.BOOK, Asked.CORRECTION) and step in (
            Step.BOOK,
            Step.MOVE,
        ):
            return self._about_time(asked, heard)
        if asked is Asked.MOVE:
            return self._says("yes" if step is Step.MOVE else "no")
        if asked is Asked.CANCEL:
            return self._says("yes" if step is Step.CANCEL else "no")
        if asked is Asked.HAS_ONE:
            return self._says("yes" if step is Step.MOVE else "no")
        return self._begin(step)

    def _about_time(self, asked: Asked, heard: Heard) -> str:
        if asked is Asked.TIME:
            browses = (self._kind.changes or "other_times" in self._kind.says) and not self._browsed
            if browses and self._rng.random() < (0.7 if self._kind.changes else 0.3):
                self._browsed = True
                return self._says("other_times")
            return self._says(f"pick{self._rng.randint(1, len(heard.times))}")
        act = {Asked.NAME: "name", Asked.PHONE: "phone", Asked.BOOK: "yes", Asked.CORRECTION: "yes"}[asked]
        return self._says(act)

    def _begin(self, step: Step) -> str:
        if self._last_act == "pause":
            return self._says("resume")
        self._begun = True
        return self._says(step.act)

    def _answer(self) -> str:
        self._meant = min(3, max(0, round(self._rng.gauss(self._ability, 0.7))))
        return self._says(f"a{self._meant}")

    def _wanders(self, asked: Asked) -> bool:
        if self._aside_last or asked in (Asked.REASON, Asked.NOTHING, Asked.RESTART, Asked.OCCUPATION):
            return False
        if asked is Asked.QUESTION and self._kind.pauses and not self._paused:
            return self._rng.random() < 0.25
        return self._rng.random() < self._kind.asides

    def _aside(self, asked: Asked) -> str:
        self._aside_last = True
        if asked is Asked.QUESTION and self._kind.pauses and not self._paused:
            self._paused = True
            return self._says("pause")
        if asked is Asked.QUESTION and self._kind.changes:
            return self._says("back")
        return self._says(self._rng.choice(_ASIDES if asked is Asked.QUESTION else _ASIDES_ELSEWHERE))

    def _clarify(self, heard: Heard) -> str:
        """Says it in other words, in those of a button, or at last as plainly as can be."""
        self._unclear += 1
        if self._last_act[:1] == "a" and self._last_act[1:].isdigit():
            self._meant = int(self._last_act[1:])
            title = _SCALE[self._meant]
            if self._unclear > 1 or title in heard.buttons:
                return _LAST_WORDS.get(title, title.lower())
        wanted = next((t for t in _MENU.get(self._steps[0], ()) if t in heard.buttons), None)
        if wanted and self._asking is Asked.NOTHING:
            return wanted
        if self._unclear > 1 and self._last_act == self._steps[0].act:
            return _MENU.get(self._steps[0], ("hjælp",))[0]
        if self._last_act == "hello" or self._last_act in _ASIDES:
            return (
                self._respond(self._asking, heard) if self._asking is not Asked.TIME else self._says("pick1")
            )
        return self._says(self._last_act or self._steps[0].act, plainly=self._unclear > 1)

    def _says(self, act: str, *, plainly: bool = False) -> str:
        self._last_act = act
        text = self._rng.choice(self._kind.says[act])
        text = text.replace("{name}", self.name).replace("{phone}", self.phone)
        if self._kind.name == "capitals":
            text = text.upper()
        told = act in ("name", "phone")
        if not plainly and not told and self._rng.random() < self._kind.noise:
            text = noisy(text, self._rng)
        return text

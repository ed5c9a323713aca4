"""Holds one conversation between a simulated citizen and the running assistant, and judges it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.conversations.citizen import SimulatedCitizen
from benchmarks.conversations.claims import false_claims, state_of
from benchmarks.conversations.hearing import Heard
from benchmarks.conversations.personalities import Personality
from benchmarks.house import House
from benchmarks.rest_citizen import RestCitizen

TURNS_AT_MOST = 45
SAME_TEXT_AT_MOST = 2
LOOP, DEAD_END, FALSE_CLAIM, TOO_LONG = "loop", "dead end", "false claim", "too long"


@dataclass
class Held:
    """A conversation that has been held.

    Attributes:
        personality: What kind of citizen it was.
        number: Which of their conversations.
        goal: What they came for.
        transcript: What was said, a line a message.
        faults: What went wrong, by kind, with details.
        completed: Whether they got what they came for.
        turns: How many messages they wrote.
        answered: How many answers they gave to skill questions.
        misread: How many of those were noted as another than they meant.
    """

    personality: str
    number: int
    goal: str
    transcript: list[str] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)
    completed: bool = False
    turns: int = 0
    answered: int = 0
    misread: int = 0

    def fault(self, kind: str, detail: str) -> None:
        """Notes a fault, also where it happened."""
        self.faults.setdefault(kind, []).append(detail)
        self.transcript.append(f"  !! {kind}: {detail}")


def hold(house: House, personality: Personality, number: int, seed: int) -> Held:
    """Holds a conversation to its end, or until it has gone wrong for good."""
    citizen, line = SimulatedCitizen(personality, number, seed), RestCitizen(house)
    held = Held(personality.name, number, citizen.goal.name)
    exchange = _exchange(house, line, held)
    said_in_a_row: Counter[str] = Counter()
    heard = exchange(citizen.greet(), citizen)
    while not citizen.done and held.turns < TURNS_AT_MOST and LOOP not in held.faults:
        stored = state_of(house, line.id)
        heard = exchange(citizen.reply(heard), citizen)
        if state_of(house, line.id) != stored:
            said_in_a_row.clear()
        said_in_a_row = Counter({text: said_in_a_row[text] + 1 for text in heard.texts})
        for text, times in said_in_a_row.items():
            if times > SAME_TEXT_AT_MOST:
                held.fault(LOOP, text)
    if not citizen.done and held.turns >= TURNS_AT_MOST:
        held.fault(TOO_LONG, f"{held.turns} turns")
    state = state_of(house, line.id)
    held.completed = citizen.done and citizen.goal.got(state, "\n".join(line.heard), citizen.name)
    held.answered, held.misread = citizen.answered, citizen.misread
    if citizen.done:
        exchange(citizen.farewell(), None)
    return held


def _exchange(house: House, line: RestCitizen, held: Held) -> Callable[[str, SimulatedCitizen | None], Heard]:
    before = state_of(house, line.id)

    def exchange(text: str, citizen: SimulatedCitizen | None) -> Heard:
        """Sends a message and judges the answer; who says goodbye needs no way on."""
        nonlocal before
        held.turns += 1
        heard = Heard.of(line.send(text))
        held.transcript += [f"- {text}", *(f"  > {said}" for said in heard.texts)]
        if heard.buttons:
            held.transcript.append(f"    [{'] ['.join(heard.buttons)}]")
        after = state_of(house, line.id)
        for claim in false_claims(heard.text, before, after):
            held.fault(FALSE_CLAIM, claim)
        if citizen is not None:
            if not heard.leaves_a_way_on:
                held.fault(DEAD_END, heard.text)
            citizen.hear(heard, before, after)
        before = after
        return heard

    return exchange

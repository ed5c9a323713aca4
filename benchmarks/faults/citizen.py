"""A citizen who wants something, and tries again as often as they are told to."""

import asyncio
import random
import re
import uuid
from enum import Enum
from typing import Any

from benchmarks.conversations.hearing import Asked, Heard
from benchmarks.faults.erasure import Witness
from benchmarks.faults.ledger import Erasing, Exchange
from benchmarks.faults.lines import GaveUp, Line, Messages

MOST_TURNS = 150
"""Many more than it takes with a fault in every other answer."""


class Step(Enum):
    """What a citizen may come for, and how they begin with it."""

    ASSESS = "lad os starte"
    DISPUTE = "jeg er ikke enig"
    BOOK = "jeg vil gerne book en tid"
    MOVE = "jeg vil gerne flytte min tid"
    CANCEL = "jeg er syg og kan ikke komme"
    ERASE = "slet mine oplysninger"


PLANS = (
    (Step.ASSESS, Step.BOOK, Step.MOVE, Step.CANCEL),
    (Step.ASSESS, Step.DISPUTE, Step.BOOK, Step.CANCEL),
    (Step.BOOK, Step.MOVE),
    (Step.BOOK, Step.MOVE, Step.CANCEL, Step.ASSESS),
)
TOLD_UNASKED_PLANS = (
    PLANS[0],
    (Step.ASSESS, Step.BOOK, Step.ERASE),
    PLANS[1],
    (Step.BOOK, Step.MOVE, Step.ERASE),
    *PLANS[2:],
)
"""For the chat and SMS, which tell by themselves when everything is erased."""

_GOT = {
    Step.ASSESS: r"Mit forslag er Spor \d",
    Step.DISPUTE: r"har gemt, at du ikke er enig",
    Step.BOOK: r"Din tid er booket|Her er din tid|Du har allerede en tid",
    Step.MOVE: r"Din tid er flyttet",
    Step.CANCEL: r"Din tid er aflyst|allerede aflyst|kan ikke se nogen tid|har (?:allerede )?givet besked",
    Step.ERASE: r"Nummeret på din kvittering er ([\w-]+)",
}
_FAILED = re.compile(r"om lidt|gik noget galt|Forbindelsen forsvandt|lige nu")
_SCALE = ("Det kan jeg ikke", "Med hjælp", "På egen hånd", "Sikkert, jeg kan vise andre")
_TYPED = (
    ("0", "det kan jeg ikke"),
    ("1", "med hjælp"),
    ("2", "på egen hånd"),
    ("3", "sikkert, jeg kan vise andre"),
)
_TIMES = ("den første", "den anden", "den tredje", "den sidste")
_ERASED = "Nu er det slettet"
_CODE_IS_USELESS = re.compile(r"kode (?:passer|gælder) ikke")
_MEETING = re.compile(r"(?P<keeps>Du beholder|Jeg aflyser|Jeg melder afbud til) din tid (?P<time>.+)\.")


class PersistentCitizen:
    """Goes through a plan; a channel that is gone and an answer that failed only make them try again.

    Args:
        line: How they write.
        name: What they are called.
        witness: Looks after what becomes of their data.
        rng: Where their choices come from.
        plan: What they come for.
        pace_seconds: How long they think at most before they write.
    """

    def __init__(
        self,
        line: Line,
        name: str,
        witness: Witness,
        rng: random.Random,
        plan: tuple[Step, ...],
        pace_seconds: float,
    ) -> None:
        self.line = line
        self._name = name
        self._witness = witness
        self._rng = rng
        self._steps = list(plan)
        self._pace_seconds = pace_seconds
        self._begun = False
        self._keeps_meeting = rng.random() < 0.5
        if Step.ERASE in plan:
            line.ledger.erasing = Erasing()

    async def live(self) -> None:
        """Holds the conversation to its end; what they did not get stands in the ledger."""
        try:
            messages = await self.line.open() or await self._write(Heard((), ()), "hej")
            for _ in range(MOST_TURNS):
                heard = Heard.of(messages)
                self._note_what_is_got(heard)
                if not self._steps:
                    break
                messages = await self._reply(heard, messages)
            await self._see_it_erased()
        except GaveUp as gave_up:
            self.line.ledger.shown.append(f"gave up at {gave_up}")
        finally:
            self.line.ledger.wanted = [step.name.lower() for step in self._steps]
            await self.line.close()

    def _note_what_is_got(self, heard: Heard) -> None:
        while self._steps and (got := re.search(_GOT[self._steps[0]], heard.text)):
            if self._steps.pop(0) is Step.ERASE and self.line.ledger.erasing:
                self.line.ledger.erasing.number = got[1]
            self._begun = False
            # The same words may not stand for the next thing too.
            heard = Heard((), ())

    async def _reply(self, heard: Heard, messages: Messages) -> Messages:
        await asyncio.sleep(self._rng.uniform(0, self._pace_seconds))
        if _FAILED.search(heard.text):
            await asyncio.sleep(self._rng.uniform(0.5, 1.5))
        step, asked = self._steps[0], heard.asked
        if asked is Asked.QUESTION and step is Step.ASSESS:
            return await self._answer(heard, messages)
        if asked is Asked.CODE and step is Step.ERASE:
            return await self._write(heard, await self._code(heard))
        if asked is Asked.TIME and step in (Step.BOOK, Step.MOVE):
            return await self._write(heard, self._rng.choice(_TIMES[: len(heard.times)]))
        return await self._write(heard, self._words(step, asked, heard))

    def _words(self, step: Step, asked: Asked, heard: Heard) -> str:
        if "gemt dit afbud" in heard.text:
            return "hvornår er min tid?"
        replies = {
            Asked.NAME: self._name,
            Asked.PHONE: self._witness.spoken_number,
            Asked.BOOK: "ja tak",
            Asked.MOVE: "ja",
            Asked.CANCEL: "ja aflys den" if self._wants_to_cancel(step) else "nej tak",
            Asked.HAS_ONE: "ja flyt den" if step is Step.MOVE else "nej behold den",
            Asked.OCCUPATION: "chauffør",
            Asked.REASON: "jeg kan mere, end du tror",
            Asked.RESTART: "nej tak",
            Asked.CORRECTION: "tiden",
            Asked.ERASE: "ja",
        }
        if asked is Asked.ERASE:
            self._note_what_becomes_of_the_meeting(heard)
        if asked in replies and self._begun:
            return replies[asked]
        if step is Step.ASSESS and self._begun:
            return "fortsæt"
        self._begun = True
        if self.line.ledger.erasing:
            # Asked for once more, it may be another erasure, after which there is no meeting any more.
            self.line.ledger.erasing.meeting = ""
        return step.value

    def _wants_to_cancel(self, step: Step) -> bool:
        return step is Step.CANCEL or (step is Step.ERASE and not self._keeps_meeting)

    def _note_what_becomes_of_the_meeting(self, heard: Heard) -> None:
        erasing, said = self.line.ledger.erasing, _MEETING.search(heard.text)
        if erasing and said:
            erasing.meeting, erasing.keeps_meeting = said["time"], said["keeps"] == "Du beholder"

    async def _code(self, heard: Heard) -> str:
        code = None if _CODE_IS_USELESS.search(heard.text) else await self._witness.code()
        if code is None:
            # Before the next one is asked for, which may come at once.
            self._witness.forget_codes()
        return code or "ny kode"

    async def _see_it_erased(self) -> None:
        erasing = self.line.ledger.erasing
        if erasing and erasing.number:
            # A chat that was not open at that moment has the receipt alone.
            await self._witness.see_it_done(
                erasing,
                lambda: self.line.has_heard(_ERASED),
                always_told=self.line.ledger.channel == "sms",
            )

    async def _answer(self, heard: Heard, messages: Messages) -> Messages:
        given = self._rng.randrange(4)
        offered = [button for message in messages for button in message.get("buttons") or ()]
        signed = [b for b in offered if b.get("signature") and b["title"] == _SCALE[given]]
        if signed and self._rng.random() < 0.5:
            return await self._write(heard, _SCALE[given], given, signed[-1])
        return await self._write(heard, self._rng.choice(_TYPED[given]), given)

    async def _write(
        self, heard: Heard, text: str, given: int | None = None, button: dict[str, Any] | None = None
    ) -> Messages:
        id = f"m-{uuid.uuid4().hex}"
        return await self.line.send(Exchange(id, text, heard.asked, given, button))

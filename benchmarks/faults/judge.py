"""Holds what citizens were told against what is stored. Reads nothing and changes nothing itself.

A message that was acknowledged stands once in the tracker and once in the transcript. A write that was
acknowledged is carried out, once. What is said to be booked, moved, cancelled or stored was so when it was
said, and so was what is said not to be.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from benchmarks.faults.erased import hold_erased
from benchmarks.faults.ledger import Exchange, Ledger, Said
from benchmarks.faults.stored import Archive, Change, Stored
from benchmarks.faults.verdict import Verdict
from benchmarks.faults.when import names

_CLAIMS = {
    "booked": re.compile(r"Din tid er booket\."),
    "moved": re.compile(r"Din tid er flyttet\."),
    "cancelled": re.compile(r"Din tid er aflyst:"),
    "absence": re.compile(r"Jeg har givet besked om, at du ikke kommer"),
}
_ASKED_FOR = {
    "booked": ("book",),
    "moved": ("move",),
    "cancelled": ("cancel",),
    # A cancellation that was kept may reach the backend when only the absence can be reported any more.
    "absence": ("absence", "cancel:absence"),
}
_STANDS = re.compile(
    r"Her er din tid\.|Din tid er (?!booket|flyttet|aflyst)|Du har allerede en tid|Du har stadig tiden"
)
_NONE = re.compile(r"kan ikke se nogen tid|Den tid er allerede aflyst")
_NOT_DONE = {
    "book": re.compile(r"ikke booket (?:noget|eller)|booket eller slettet noget"),
    "move": re.compile(
        r"ikke (?:booket eller flyttet|flyttet noget|aflyst, flyttet)|gamle tid gælder stadig"
    ),
    "cancel": re.compile(r"ikke (?:aflyst|gjort) noget|ikke aflyst, flyttet"),
    "absence": re.compile(r"kunne ikke give besked|ikke gjort noget"),
    "answer": re.compile(r"kunne jeg ikke gemme"),
    "dispute": re.compile(r"kunne ikke gemme det lige nu"),
}
_NOTED = re.compile(r'så skriver jeg "|dit svar er gemt')
_ON = re.compile(r"(?:Spørgsmål|Spm\.) \d+|Mit forslag er Spor")
_NOT_NOTED = re.compile(r"kunne jeg ikke gemme|ved (?:derfor )?ikke|allerede besvaret|gik noget galt|lige nu")
_QUESTION = re.compile(r"(?:Spørgsmål|Spm\.) (\d+)")
_TRACKS = {"1": "foundation", "2": "employer_pilot"}
# What a program says, not a person: names of exceptions, traces, markup, unfilled variables.
_PROGRAM = re.compile(
    r"Traceback|\w+(?:Error|Exception)\b|\bline \d+|sqlite|HTTP/?\s?\d|<\w+>|\{\w+\}|\bNone\b"
)
# A write is dated when it began, and may have waited for the database before it was carried out.
_COMMIT_SECONDS = 5.0


def judge(ledgers: Iterable[Ledger], archive: Archive, *, clocks_agree: bool = True) -> Verdict:
    """Holds conversations against what is stored.

    Args:
        ledgers: The conversations.
        archive: What is stored after everything has come to rest.
        clocks_agree: Whether the house's clock is the citizens', so that it can be told what came first.
    """
    verdict = Verdict()
    verdict.doubled += [f"two meetings for {what}" for what in archive.taken_twice]
    verdict.lost += [f"{count} left in {place}" for place, count in archive.waiting.items() if count]
    for ledger in ledgers:
        verdict.conversations += 1
        if ledger.erasing and ledger.erasing.number:
            # Little is left to hold what was said before against.
            hold_erased(ledger, ledger.erasing, archive, verdict)
        else:
            _Hearing(ledger, archive.of.get(ledger.conversation_id, Stored()), verdict, clocks_agree).hold()
        _way_on(ledger, verdict)
    return verdict


def _way_on(ledger: Ledger, verdict: Verdict) -> None:
    """Everybody gets what they came for, and nobody is shown what a program says."""
    who = f"{ledger.channel} {ledger.conversation_id}"
    if ledger.wanted:
        verdict.stuck.append(f"{who}: did not get {', '.join(ledger.wanted)}")
    said = [text for exchange in ledger.exchanges for text in exchange.texts]
    verdict.traces += [f"{who}: {text!r}" for text in said if _PROGRAM.search(text)]
    verdict.traces += [
        f"{who}: {body!r}" for body in ledger.shown if "Traceback" in body or re.search(r"\.py\b", body)
    ]


class _Hearing:
    """One conversation before the judge."""

    def __init__(self, ledger: Ledger, stored: Stored, verdict: Verdict, clocks_agree: bool) -> None:
        self._ledger = ledger
        self._stored = stored
        self._verdict = verdict
        self._clocks_agree = clocks_agree
        self._told = 0
        """How many of the changes the citizen has been told of."""

    def hold(self) -> None:
        self._messages()
        self._answers()
        for exchange in self._ledger.exchanges:
            self._bookings(exchange)
            self._records(exchange)
        self._changes_wanted()

    # Messages

    def _messages(self) -> None:
        tracker, transcript = Counter(self._stored.heard), Counter(self._stored.transcript)
        for exchange in self._ledger.exchanges:
            if not exchange.message_id:
                continue
            self._verdict.messages += exchange.is_answered
            for place, found in (("tracker", tracker), ("transcript", transcript)):
                count = found[exchange.message_id]
                if count > 1:
                    self._note(self._verdict.doubled, exchange, f"{count} times in the {place}")
                elif exchange.is_answered and not count:
                    self._note(self._verdict.lost, exchange, f"not in the {place}")

    # The self-assessment

    def _answers(self) -> None:
        given = [exchange for exchange in self._ledger.exchanges if exchange.given is not None]
        carried_out = [exchange for exchange in given if self._was_written(exchange, "answer")]
        for exchange in given:
            if _is_noted(exchange):
                self._verdict.writes += 1
                if exchange not in carried_out:
                    self._note(self._verdict.lost, exchange, "the answer is not stored")
        meant = [exchange.given for exchange in carried_out]
        stored = list(self._stored.answers)
        if len(stored) > len(meant):
            self._say(self._verdict.doubled, f"{len(meant)} answers were given, {len(stored)} are stored")
        elif len(stored) < len(meant):
            self._say(self._verdict.lost, f"{len(meant)} answers were given, {len(stored)} are stored")
        elif stored != meant:
            self._say(self._verdict.false_claims, f"answered {meant}, stored {stored}")

    # Bookings

    def _bookings(self, exchange: Exchange) -> None:
        told_before = self._told
        for text in exchange.texts:
            for kind, words in _CLAIMS.items():
                if words.search(text):
                    self._claimed(exchange, kind, text)
        standing = list(self._standing(exchange, told_before))
        for text in exchange.texts:
            if _STANDS.search(text):
                self._count_claim()
                if not any(meeting and names(text, meeting) for meeting in standing):
                    self._note(self._verdict.false_claims, exchange, f"no such meeting: {text!r}")
            elif _NONE.search(text):
                self._count_claim()
                if None not in standing:
                    self._note(self._verdict.false_claims, exchange, f"there is a meeting: {text!r}")

    def _claimed(self, exchange: Exchange, kind: str, text: str) -> None:
        self._count_claim()
        self._verdict.writes += 1
        changes = self._stored.changes
        # From the last one told on, for what was said before may be said again.
        for number in range(max(0, self._told - 1), len(changes)):
            if changes[number].kind == kind and names(text, changes[number].starts_at):
                self._told = max(self._told, number + 1)
                if self._is_after(changes[number], exchange):
                    self._note(self._verdict.false_claims, exchange, f"{kind} only later: {text!r}")
                return
        self._note(self._verdict.false_claims, exchange, f"not {kind}: {text!r}")
        if not any(change.kind == kind for change in changes):
            self._note(self._verdict.lost, exchange, f"said to be {kind}, which is not stored")

    def _standing(self, exchange: Exchange, told: int) -> Iterator[datetime | None]:
        """The meetings that may have stood while an exchange went on; None for none."""
        changes = self._stored.changes
        certain = told
        if self._clocks_agree:
            before = exchange.sent_at - _COMMIT_SECONDS
            certain = max(told, sum(change.at <= before for change in changes))
        for count in range(certain, len(changes) + 1):
            if count > certain and self._is_after(changes[count - 1], exchange):
                return
            last = changes[count - 1] if count else None
            yield last.starts_at if last and last.kind != "cancelled" else None

    def _is_after(self, change: Change, exchange: Exchange) -> bool:
        return bool(self._clocks_agree and exchange.answered_at and change.at > exchange.answered_at)

    def _changes_wanted(self) -> None:
        """Each change was asked for by a message of its own, and none made a second meeting."""
        meetings = 0
        for change in self._stored.changes:
            meetings += {"booked": 1, "cancelled": -1}.get(change.kind, 0)
            if meetings > 1:
                self._say(self._verdict.doubled, "two meetings at once")
        for kind, operations in _ASKED_FOR.items():
            happened = sum(change.kind == kind for change in self._stored.changes)
            asked = sum(
                self._was_written(exchange, operation)
                for exchange in self._ledger.exchanges
                for operation in operations
            )
            if happened > asked:
                self._say(self._verdict.doubled, f"{kind} {happened} times, asked for {asked} times")
            elif happened < asked:
                self._say(self._verdict.lost, f"{kind} {happened} times, carried out {asked} times")

    # Everything else that is said to be so

    def _records(self, exchange: Exchange) -> None:
        text, stored = exchange.text, self._stored
        for said in exchange.said:
            for operation, words in _NOT_DONE.items():
                if words.search(said.text):
                    self._count_claim()
                    if self._was_written_before(said, exchange, operation):
                        was_not = f"{operation} was carried out: {text!r}"
                        self._note(self._verdict.false_claims, exchange, was_not)
        asked = [int(number) for number in _QUESTION.findall(text)]
        if asked and max(asked) > len(stored.answers) + 1:
            self._note(
                self._verdict.false_claims, exchange, f"question {max(asked)}, {len(stored.answers)} stored"
            )
        proposed = re.search(r"Mit forslag er Spor (\d)", text)
        said = {
            "har gemt, at du ikke er enig": stored.disputed,
            "har gemt, hvilket job": stored.occupation is not None,
            "har allerede givet besked": any(change.kind == "absence" for change in stored.changes),
            "Mit forslag er Spor": bool(proposed and stored.track == _TRACKS[proposed[1]]),
        }
        for words_said, is_so in said.items():
            if words_said in text:
                self._count_claim()
                if not is_so:
                    self._note(self._verdict.false_claims, exchange, f"not so: {words_said!r}")

    def _was_written(self, exchange: Exchange, operation: str) -> bool:
        return (exchange.message_id, operation) in self._stored.writes

    def _was_written_before(self, said: Said, exchange: Exchange, operation: str) -> bool:
        began_at = self._stored.writes.get((exchange.message_id, operation))
        if began_at is None:
            return False
        # A message that was cut off is handled again, and may then succeed at what failed before.
        return said.at is None or not self._clocks_agree or began_at <= said.at

    def _count_claim(self) -> None:
        self._verdict.claims += 1

    def _note(self, findings: list[str], exchange: Exchange, what: str) -> None:
        self._say(findings, f"{exchange.written!r} ({exchange.message_id}): {what}")

    def _say(self, findings: list[str], what: str) -> None:
        findings.append(f"{self._ledger.channel} {self._ledger.conversation_id}: {what}")


def _is_noted(exchange: Exchange) -> bool:
    """Whether an answer was acknowledged. One that was typed is read back, one that was pressed is not."""
    if exchange.button is None:
        return bool(_NOTED.search(exchange.text))
    return bool(_ON.search(exchange.text)) and not _NOT_NOTED.search(exchange.text)

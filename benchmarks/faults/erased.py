"""Holds what citizens were told of an erasure against what is left, and against what was to be kept."""

from backend.privacy.tombstones import stub_id
from benchmarks.faults.ledger import Erasing, Ledger
from benchmarks.faults.stored import Archive, Stored
from benchmarks.faults.verdict import Verdict
from benchmarks.faults.when import names, tells_time

_GONE = ("cancelled", "absence")


def hold_erased(ledger: Ledger, erasing: Erasing, archive: Archive, verdict: Verdict) -> None:
    """Judges the conversation of somebody who was told that the erasure has begun.

    Args:
        ledger: The conversation.
        erasing: What they were told and saw.
        archive: What is stored after everything has come to rest.
        verdict: Takes what is found.
    """
    who = f"{ledger.channel} {ledger.conversation_id} (receipt {erasing.number})"
    verdict.messages += sum(exchange.is_answered for exchange in ledger.exchanges)
    verdict.writes += 1
    if not erasing.is_done or (ledger.channel == "sms" and not erasing.is_told):
        verdict.stuck.append(f"{who}: was never told that everything is erased")
        return
    verdict.claims += 1
    if erasing.left_in:
        verdict.false_claims.append(f"{who}: said to be erased, and left in {', '.join(erasing.left_in)}")
    if ledger.conversation_id in archive.of:
        verdict.false_claims.append(f"{who}: said to be erased, and still known")
    _meeting(who, erasing, archive.of.get(stub_id(erasing.number), Stored()), verdict)


def _meeting(who: str, erasing: Erasing, stored: Stored, verdict: Verdict) -> None:
    if not erasing.meeting:
        if stored.standing:
            verdict.false_claims.append(f"{who}: a meeting stands that they were not told of")
        return
    verdict.claims += 1
    last = stored.changes[-1] if stored.changes else None
    if last is None or not tells_time(erasing.meeting) or not names(erasing.meeting, last.starts_at):
        verdict.lost.append(f"{who}: the meeting {erasing.meeting} is not there any more")
    elif (last.kind not in _GONE) != erasing.keeps_meeting:
        was_to = "be kept" if erasing.keeps_meeting else "go"
        verdict.false_claims.append(
            f"{who}: the meeting {erasing.meeting} was to {was_to}, and is {last.kind}"
        )
    elif last.kind == "cancelled" and stored.named:
        verdict.false_claims.append(f"{who}: said to be erased, and the meeting still tells whose it was")

"""What grows out of conversations: citizens, assessments with their placements, meetings, flags, ratings."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from backend.assessment.engine import AdaptiveEngine
from backend.assessment.item_bank import load_item_bank
from backend.assessment.outcome import Outcome
from backend.assessment.responses import History, Response
from backend.municipality import load_municipality
from backend.teams.tables import INTAKE
from benchmarks.console.stores import KEYS
from benchmarks.console.talk import Row, Talk
from benchmarks.report import ROOT

TEAMS = 8
CONSULTANTS_OF_A_TEAM = 6
# From here on a citizen has come far enough to be known, and to have finished.
_EXCHANGES_OF_A_CITIZEN, _EXCHANGES_OF_A_PLACEMENT = 4, 8
_MEETING = timedelta(minutes=30)
_RECENT = timedelta(days=14)
_FLAGS = {"crisis": 0.005, "human_requested": 0.04, "low_understanding": 0.06, "negative_feedback": 0.03}
_OUTCOMES = 20

TableRow = tuple[str, Row]
"""The name of a table, and a row of it."""


class Cases:
    """Makes the cases of conversations.

    Args:
        random: Where chance comes from.
        now: When it all ends.
    """

    def __init__(self, random: Random, now: datetime) -> None:
        self._random = random
        self._now = now
        self._teams = [self._id() for _ in range(TEAMS)]
        self._consultants = {team: [self._id() for _ in range(CONSULTANTS_OF_A_TEAM)] for team in self._teams}
        self._next_slot: dict[str, datetime] = {}
        rule = load_municipality(ROOT / "municipality.yml").assessment
        self._engine = AdaptiveEngine(load_item_bank(), rule)
        self._outcomes = [self._assess() for _ in range(_OUTCOMES)]

    def staff(self) -> Iterator[TableRow]:
        """The teams and their consultants."""
        for number, team in enumerate(self._teams, 1):
            yield "teams", {"id": team, "name": f"Team {number}", "organisation": None}
            for consultant in self._consultants[team]:
                person = {"name": "Mette Lind", "title": "konsulent", "phone": "+4533333333"}
                yield (
                    "consultants",
                    {"id": consultant, "email": "m@example.org", "team_id": team, **person},
                )

    def of(self, talk: Talk) -> Iterator[TableRow]:
        """What is stored beside a conversation, the conversation itself first."""
        citizen = self._id() if talk.exchanges >= _EXCHANGES_OF_A_CITIZEN else None
        is_placed = talk.exchanges >= _EXCHANGES_OF_A_PLACEMENT and self._chance(0.8)
        # Team 1 has a half of what comes to teams, each next one a smaller part.
        meets = is_placed and self._chance(0.6)
        team = self._random.choices(self._teams, [1 / 2**n for n in range(TEAMS)])[0] if meets else INTAKE
        yield "conversations", {**talk.conversation, "team_id": team}
        yield from self._noted(talk)
        if citizen:
            yield "citizens", self._citizen(citizen, talk, is_named=meets)
        if citizen and is_placed:
            yield from self._placed(citizen, talk)
        if citizen and meets:
            yield from self._meeting(citizen, talk, team)

    def _noted(self, talk: Talk) -> Iterator[TableRow]:
        for kind, share in _FLAGS.items():
            if self._chance(share):
                seen = self._is_seen_to(talk.ends)
                yield (
                    "conversation_flags",
                    {
                        "id": self._id(),
                        "conversation_id": talk.id,
                        "kind": kind,
                        "note": None,
                        "raised_at": talk.ends,
                        "acknowledged_by": "Karen Holm" if seen else None,
                        "acknowledged_at": talk.ends + timedelta(hours=2) if seen else None,
                    },
                )
        if self._chance(0.25):
            rating = {"rating": self._random.randint(1, 5), "rated_at": talk.ends}
            yield "conversation_ratings", {"conversation_id": talk.id, **rating}
        if self._chance(0.02):
            yield "conversation_reviews", self._review(talk)
        if self._chance(0.05):
            tag = f"mærke {self._random.randint(1, 40)}"
            yield "conversation_tags", {"conversation_id": talk.id, "tag": tag}

    def _review(self, talk: Talk) -> Row:
        by, at = "Karen Holm", talk.ends + timedelta(days=1)
        is_flagged = self._chance(0.1)
        return {
            "conversation_id": talk.id,
            "reviewed_by": by,
            "reviewed_at": at,
            "rating": 4,
            "theme": None,
            "rated_by": by,
            "flagged_by": by if is_flagged else None,
            "flagged_at": at if is_flagged else None,
        }

    def _citizen(self, citizen: str, talk: Talk, *, is_named: bool) -> Row:
        phone = self._phone() if is_named else None
        return {
            "id": citizen,
            "conversation_id": talk.id,
            "channel": talk.channel,
            "name": "Grethe Bay" if is_named else None,
            "phone": phone,
            "phone_index": KEYS.indexes(phone, "citizens.phone")[0] if phone else None,
            "wished_occupation": None,
            "created_at": talk.begins,
        }

    def _placed(self, citizen: str, talk: Talk) -> Iterator[TableRow]:
        history, outcome = self._random.choice(self._outcomes)
        assessment, placement = self._id(), self._id()
        yield (
            "assessments",
            {
                "id": assessment,
                "citizen_id": citizen,
                "status": "finished",
                "engine_version": self._engine.version,
                "bank_version": self._engine.bank_version,
                "outcome": outcome,
                "created_at": talk.begins,
                "updated_at": talk.ends,
                "finished_at": talk.ends,
            },
        )
        for sequence, response in enumerate(history, 1):
            yield (
                "assessment_answers",
                {
                    "id": self._id(),
                    "assessment_id": assessment,
                    "sequence": sequence,
                    "item_id": response.item_id,
                    "response": response.value,
                    "skipped": False,
                    "created_at": talk.begins,
                    "withdrawn_at": None,
                },
            )
        yield from self._placement(placement, citizen, assessment, outcome, talk.ends)

    def _placement(
        self, placement: str, citizen: str, assessment: str, outcome: Row, at: datetime
    ) -> Iterator[TableRow]:
        steps = [("proposed", self._engine.version, None)]
        is_disputed = self._chance(0.05)
        if is_disputed:
            steps.append(("disputed", "citizen", "Jeg synes ikke, det passer på mig"))
        decision = self._random.choice(("confirmed", "changed")) if self._is_seen_to(at) else None
        if decision:
            steps.append((decision, "Karen Holm", "Talt med borgeren"))
        yield (
            "placements",
            {
                "id": placement,
                "citizen_id": citizen,
                "assessment_id": assessment,
                "version": len(steps),
                "track": outcome["track"],
                "borderline": outcome["borderline"],
                "status": decision or "proposed",
                "reasons": list(outcome["reasons"]),
                "counterfactual": outcome["counterfactual"],
                "disputed": is_disputed,
                "dispute_reason": "Jeg synes ikke, det passer på mig" if is_disputed else None,
                "decided_by": "Karen Holm" if decision else None,
                "decided_reason": "Talt med borgeren" if decision else None,
                "created_at": at,
            },
        )
        for sequence, (kind, actor, reason) in enumerate(steps, 1):
            event = {"placement_id": placement, "sequence": sequence, "kind": kind, "actor": actor}
            more = {"track": outcome["track"], "reason": reason, "created_at": at}
            yield "placement_events", {"id": self._id(), **event, **more}

    def _meeting(self, citizen: str, talk: Talk, team: str) -> Iterator[TableRow]:
        consultant = self._random.choice(self._consultants[team])
        earliest = talk.ends + timedelta(days=3)
        starts = max(earliest, self._next_slot.get(consultant, earliest))
        self._next_slot[consultant] = starts + _MEETING
        slot, booking = self._id(), self._id()
        times = {"starts_at": starts, "ends_at": starts + _MEETING}
        yield (
            "slots",
            {"id": slot, "consultant_id": consultant, "meeting_form": "phone", "place": None, **times},
        )
        kinds = ["booked", *self._random.choices([(), ("cancelled",), ("absence",)], [85, 10, 5])[0]]
        seen = len(kinds) if len(kinds) > 1 and self._is_seen_to(talk.ends) else 0
        yield (
            "bookings",
            {
                "id": booking,
                "citizen_id": citizen,
                "slot_id": slot,
                "status": "cancelled" if "cancelled" in kinds else "booked",
                "version": len(kinds),
                "citizen_name": "Grethe Bay",
                "citizen_phone": "+4522334455",
                "created_at": talk.ends,
                "updated_at": talk.ends,
                "absence_reported_at": talk.ends if "absence" in kinds else None,
                "attended": None,
                "seen_version": seen,
                "seen_by": "Karen Holm" if seen else None,
                "seen_at": talk.ends if seen else None,
            },
        )
        for version, kind in enumerate(kinds, 1):
            change = {"booking_id": booking, "version": version, "kind": kind, "actor": "citizen", "by": None}
            more = {"at": talk.ends, "slot_id": slot, "reason": None}
            yield "booking_changes", {"id": self._id(), **change, **more}
        if "cancelled" not in kinds:
            claim = {"slot_id": slot, "hold_id": None, "booking_id": booking, "expires_at": None}
            yield "slot_claims", claim

    def _assess(self) -> tuple[History, dict[str, Any]]:
        """One assessment as the engine runs it, answered by chance."""
        history: History = ()
        seed = self._id()
        while (item := self._engine.next_item(history, seed)) is not None:
            history = (*history, Response(item, self._random.choices(range(4), [2, 3, 3, 2])[0]))
        outcome = TypeAdapter(Outcome).dump_python(self._engine.outcome(history), mode="json")
        return history, outcome

    def _is_seen_to(self, at: datetime) -> bool:
        """Staff have come round to nearly everything that is old, and to half of what is new."""
        return self._chance(0.5 if at > self._now - _RECENT else 0.995)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _phone(self) -> str:
        """A number that one in some others has, too: people come back in another conversation."""
        return f"+45{20_000_000 + self._random.randrange(100_000)}"

    def _id(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))

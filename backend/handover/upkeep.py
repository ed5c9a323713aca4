"""What happens in the queue by itself: lost browsers, lapsed reservations, and keeping true what was told."""

from datetime import datetime, timedelta

from backend.booking.opening_hours import OpeningHours
from backend.handover import texts
from backend.handover.floor import Floor, is_here
from backend.handover.ownership import HandoverState, Outcome
from backend.handover.queue import TELL_EVERY, is_worth_telling
from backend.handover.repository import HandoverRepository, ownership_of
from backend.handover.service import apply, expected_wait, read_floor, remember_told
from backend.handover.tables import EventKind, Handover

KEPT_WITHOUT_ANYBODY = timedelta(minutes=30)
"""How long a place in the queue is kept while nobody is there."""


class QueueUpkeep:
    """One round of it, within one transaction."""

    def __init__(self, handovers: HandoverRepository, hours: OpeningHours, now: datetime) -> None:
        self._handovers = handovers
        self._hours = hours
        self._now = now

    async def go_round(self) -> None:
        """Does what there is to do now. A round after another that follows at once does nothing."""
        presences = await self._handovers.presences()
        here = {one.login for one in presences if is_here(one, self._now)}
        for handover, _ in await self._handovers.with_teams(HandoverState.TAKEN):
            if handover.owner not in here:
                await self._lose(handover.id, here)
        for handover, _ in await self._handovers.with_teams(HandoverState.WAITING):
            if handover.reserved_until is not None and not ownership_of(handover).is_reserved(self._now):
                await self._release(handover.id)
        floor = await read_floor(self._handovers, self._hours, self._now)
        for handover, team_id in floor.in_order():
            await self._keep_true(handover.id, team_id, floor)

    async def _lose(self, handover_id: str, here: set[str]) -> None:
        handover = await self._handovers.get(handover_id, for_change=True)
        # It may have been given on or ended since it was looked at.
        if handover is None or handover.state != HandoverState.TAKEN or handover.owner in here:
            return
        await self._note(handover, EventKind.BROWSER_LOST, handover.owner)
        apply(handover, ownership_of(handover).browser_lost(self._now))
        await self._say(handover, "utter_person_lost", person=texts.first_name(handover.owner_name or ""))
        # Their place, or that nobody is there, is told in this same round.
        handover.told_position = handover.told_at = None

    async def _release(self, handover_id: str) -> None:
        handover = await self._handovers.get(handover_id, for_change=True)
        if handover is None or handover.reserved_until is None:
            return
        ownership = ownership_of(handover)
        if not ownership.is_reserved(self._now):
            apply(handover, ownership.released(self._now))
            await self._note(handover, EventKind.RELEASED, None)
            await self._say(handover, "utter_person_not_here", only_if="unanswered")

    async def _keep_true(self, handover_id: str, team_id: str, floor: Floor) -> None:
        handover = await self._handovers.get(handover_id, for_change=True)
        if handover is None or handover.state != HandoverState.WAITING:
            return
        if not floor.is_served(team_id):
            await self._tell_nobody(handover, floor)
        else:
            await self._tell_place(handover, floor.position(team_id, handover), team_id)

    async def _tell_nobody(self, handover: Handover, floor: Floor) -> None:
        """Says that nobody is there, once; a place that nobody will come for is not kept."""
        if ownership_of(handover).is_reserved(self._now):
            return
        opens = texts.opens_label(self._hours.next_opening(self._now), self._now)
        if not floor.is_open and opens:
            await self._give_up(handover, "utter_queue_closed", opens=opens)
        elif handover.told_position is not None or handover.told_at is None:
            await self._say(handover, "utter_queue_nobody", only_if="waiting")
            remember_told(handover, None, None, self._now)
        elif self._now - handover.told_at >= KEPT_WITHOUT_ANYBODY:
            await self._give_up(handover, "utter_queue_given_up")

    async def _give_up(self, handover: Handover, response: str, **values: str) -> None:
        apply(handover, ownership_of(handover).left(Outcome.NOBODY, self._now))
        await self._note(handover, EventKind.LEFT, Outcome.NOBODY)
        await self._say(handover, response, only_if="not_taken", **values)

    async def _tell_place(self, handover: Handover, position: int, team_id: str) -> None:
        """Says where the citizen stands when it is news, and that it takes longer when it does."""
        wait = await expected_wait(self._handovers, handover, team_id, self._now)
        place = {"position": str(position), "wait": texts.wait_label(wait)}
        told_lately = handover.told_at is not None and self._now - handover.told_at < TELL_EVERY
        if handover.told_at is None:
            response = "utter_queue_place"
        elif told_lately:
            return
        elif handover.told_position is None:
            response = "utter_queue_place"
        elif handover.promised_until is not None and self._now >= handover.promised_until:
            response = "utter_queue_longer"
        elif is_worth_telling(handover.told_position, position):
            response = "utter_queue_place"
        else:
            return
        await self._say(handover, response, only_if="waiting", **place)
        remember_told(handover, position, wait, self._now)

    async def _note(self, handover: Handover, kind: EventKind, note: str | None) -> None:
        await self._handovers.note(handover.id, self._now, kind, note=note)

    async def _say(self, handover: Handover, response: str, only_if: str = "always", **values: str) -> None:
        await self._handovers.add_message(
            handover, self._now, response=response, values=values, only_if=only_if
        )

"""Does what was asked, step by step, and takes up after a crash where it stood.

    begun ─ the assistant erases, and while it holds the conversation the rows go ─ files cleaned ─ told

Each step is noted when it is done and does no harm when it is done again. Two workers get in no one's way.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from backend.citizens.tables import SMS_CONVERSATION
from backend.clock import Clock
from backend.db import Database
from backend.db.cleaning import clean, flush
from backend.outreach.gateway import ChannelUnavailable
from backend.privacy.assistant import ChatReceipts, ErasureChannel, SmsNotes
from backend.privacy.erasing import forget_held_meetings
from backend.privacy.identity import CODE_LASTS, phone_for_codes
from backend.privacy.keys import identity_code
from backend.privacy.repository import ErasureRepository, RightsRepository
from backend.privacy.tables import Erasure, IdentityCode, RightsRequest
from backend.problems import DatabaseUnavailable
from observability.metrics import worked

ROUND_SECONDS = 30.0
SOON_SECONDS = 1.0
_USELESS_AFTER = timedelta(days=1)
_TOLD_WITHIN = timedelta(days=7)
_logger = logging.getLogger(__name__)


def receipt_url(public_url: str, number: str) -> str:
    """The page of a receipt."""
    return f"{public_url.rstrip('/')}/kvittering/{number}"


class PrivacyWorker:
    """Sends codes, and carries erasures out.

    Args:
        database: Where it is stored how far they have come.
        assistant: Erases what the assistant has stored.
        chat: Tells in the chat.
        sms: Tells by SMS and sends codes; None while nobody carries SMS.
        clock: The present moment.
        secret: What codes are made from.
        public_url: Where citizens find our pages.
    """

    def __init__(
        self,
        database: Database,
        assistant: ErasureChannel,
        chat: ChatReceipts,
        sms: SmsNotes | None,
        clock: Clock,
        *,
        secret: str,
        public_url: str,
    ) -> None:
        self._database = database
        self._assistant = assistant
        self._chat = chat
        self._sms = sms
        self._clock = clock
        self._secret = secret
        self._public_url = public_url
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Tells that there is something new to do, once the transaction under way has ended."""
        asyncio.get_running_loop().call_later(SOON_SECONDS, self._news.set)

    async def run(self) -> None:
        """Works until cancelled; a round that fails is logged and the next one comes."""
        while True:
            try:
                await self.go_round()
                worked("privacy")
            except DatabaseUnavailable as reason:
                cause = type(reason.__cause__).__name__
                _logger.warning("Citizens' requests wait: %s (%s)", reason.detail, cause)
            except Exception:
                _logger.exception("A round of citizens' requests failed")
            try:
                await asyncio.wait_for(self._news.wait(), ROUND_SECONDS)
            except TimeoutError:
                continue
            self._news.clear()

    async def go_round(self) -> None:
        """Does once what there is to do."""
        await self._send_codes()
        for erasure in await self._unfinished():
            if erasure.rows_erased_at is None and erasure.conversation_id is not None:
                await self._erase(erasure.conversation_id, erasure.number)
        is_more_to_clean = await self._forget_what_is_over()
        unfinished = await self._unfinished()
        to_clean = [one for one in unfinished if one.rows_erased_at and one.done_at is None]
        if to_clean or is_more_to_clean:
            await clean(self._database)
            await self._note_done([one.number for one in to_clean])
        to_tell = [one for one in await self._unfinished() if one.done_at]
        for erasure in to_tell:
            if erasure.conversation_id is not None:
                await self._tell(erasure, erasure.conversation_id)
        if to_tell:
            await flush(self._database)

    async def _unfinished(self) -> Sequence[Erasure]:
        async with self._database.read() as work:
            return await ErasureRepository(work.session).unfinished()

    async def _send_codes(self) -> None:
        if self._sms is None:
            return
        async with self._database.read() as work:
            now = self._clock()
            rights = RightsRepository(work.session)
            unsent = await rights.unsent_codes(now - CODE_LASTS, now + CODE_LASTS)
            addressed = [(code, request, await _phone(rights, request)) for code, request in unsent]
        for code, request, phone in addressed:
            await self._send_code(self._sms, code, request, phone)

    async def _send_code(
        self, sms: SmsNotes, code: IdentityCode, request: RightsRequest, phone: str | None
    ) -> None:
        conversation_id = request.conversation_id or ""
        by_sms = conversation_id.startswith(SMS_CONVERSATION)
        if phone is None and not by_sms:
            # Another number was told since: it may be that of somebody who has found the chat open.
            return
        try:
            await sms.send_code(
                code.id,
                identity_code(self._secret, code.id),
                phone=None if by_sms else phone,
                conversation_id=conversation_id if by_sms else "",
            )
        except ChannelUnavailable as reason:
            _logger.warning("Code %s waits for the SMS channel (%s)", code.id, reason)
            return
        async with self._database.write() as work:
            sent = await RightsRepository(work.session).code_for_change(code.id)
            if sent is not None:
                sent.sent_at = self._clock()
            await work.commit()

    async def _erase(self, conversation_id: str, number: str) -> None:
        try:
            await self._assistant.erase(conversation_id, number)
        except ChannelUnavailable as reason:
            _logger.warning("Erasure %s waits for the assistant (%s)", number, reason)

    async def _forget_what_is_over(self) -> bool:
        """Forgets old codes and the names in meetings that are over; tells whether names went."""
        now = self._clock()
        async with self._database.write() as work:
            await RightsRepository(work.session).forget_old(now - _USELESS_AFTER)
            forgotten = await forget_held_meetings(work.session, now)
            await work.commit()
        return forgotten > 0

    async def _note_done(self, numbers: Sequence[str]) -> None:
        async with self._database.write() as work:
            for number in numbers:
                erasure = await ErasureRepository(work.session).get(number)
                if erasure is None or erasure.request_id is None or erasure.done_at is not None:
                    continue
                erasure.done_at = self._clock()
                request = await RightsRepository(work.session).request(erasure.request_id)
                if request is not None:
                    request.conversation_id, request.closed_at = None, erasure.done_at
            await work.commit()

    async def _tell(self, erasure: Erasure, conversation_id: str) -> None:
        url = receipt_url(self._public_url, erasure.number)
        try:
            await self._chat.tell(conversation_id, url)
            if self._sms is not None and conversation_id.startswith(SMS_CONVERSATION):
                await self._sms.tell(conversation_id, url, erasure.number)
        except ChannelUnavailable as reason:
            _logger.warning("The receipt of erasure %s waits (%s)", erasure.number, reason)
            if erasure.done_at and self._clock() < erasure.done_at + _TOLD_WITHIN:
                return
        async with self._database.write() as work:
            told = await ErasureRepository(work.session).get(erasure.number)
            if told is not None:
                told.told_at, told.conversation_id = self._clock(), None
            await work.commit()


async def _phone(rights: RightsRepository, request: RightsRequest) -> str | None:
    if request.conversation_id is None:
        return None
    return phone_for_codes(await rights.numbers_told(request.conversation_id))

"""Makes sure that it is the citizen who asks. Nothing is shown or erased for anybody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import phonenumbers

from backend.citizens.tables import SMS_CONVERSATION
from backend.privacy.keys import identity_code, is_proof, keyed_digest
from backend.privacy.problems import IdentityNotShown, TooManyCodes
from backend.privacy.repository import RightsRepository
from backend.privacy.tables import Identity, IdentityCode, RequestKind, RightsRequest

CODE_LASTS = timedelta(minutes=10)
MOST_TRIES = 5
IDENTITY_LASTS = timedelta(minutes=30)
_MOST_CODES = ((timedelta(hours=1), 3), (timedelta(days=1), 6))
_MOST_CODES_IN_CONVERSATION = (timedelta(days=1), 6)
_COUNTRIES = frozenset({"DK", "GL", "FO"})
_PHONES = frozenset({phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE})
SMS = "sms"
WEB = "web"


class CodeAnswer(StrEnum):
    """What a code that somebody gave is worth."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    """There is none that is good any more: it is too old, or was used, or tried too often."""


def phone_for_codes(numbers: frozenset[str]) -> str | None:
    """The number that a code shows something by: the only one that was told, and an ordinary phone here.

    Whoever holds an open chat can tell another number; of several nobody knows which is the citizen's.

    Args:
        numbers: All that were told in the conversation, in E.164.
    """
    if len(numbers) != 1:
        return None
    (phone,) = numbers
    number = phonenumbers.parse(phone)
    is_from_here = phonenumbers.region_code_for_number(number) in _COUNTRIES
    return phone if is_from_here and phonenumbers.number_type(number) in _PHONES else None


@dataclass(frozen=True, slots=True)
class Asker:
    """Whoever asks.

    Attributes:
        conversation_id: In which conversation.
        channel: By which channel this very message came.
        numbers: All that were told in it, in E.164.
    """

    conversation_id: str
    channel: str
    numbers: frozenset[str]

    @property
    def address(self) -> str | None:
        """Where a code goes: a number, or the conversation by SMS that the citizen reads on the web now."""
        if self.conversation_id.startswith(SMS_CONVERSATION):
            return self.conversation_id
        return phone_for_codes(self.numbers)


class IdentityService:
    """Asks for as much as the conversation allows.

    Args:
        rights: Where codes are stored.
        secret: What codes are made from.
        signing_keys: What the channel can have made the proof of a code with.
        now: The present moment.
        sends_sms: Whether a code can be sent.
    """

    def __init__(
        self,
        rights: RightsRepository,
        secret: str,
        signing_keys: Sequence[str],
        now: datetime,
        *,
        sends_sms: bool,
    ) -> None:
        self._rights = rights
        self._secret = secret
        self._signing_keys = signing_keys
        self._now = now
        self._sends_sms = sends_sms

    def way_for(self, asker: Asker, kind: RequestKind) -> Identity:
        """What is asked of somebody who wants something."""
        # The sender of an SMS can be forged. A copy goes to the number all the same, and so to its owner.
        if asker.channel == SMS and kind == RequestKind.EXPORT:
            return Identity.CHANNEL
        if asker.address and self._sends_sms:
            return Identity.CODE
        is_known_by_the_chat_alone = asker.channel == WEB and not (asker.address or asker.numbers)
        return Identity.SESSION if is_known_by_the_chat_alone else Identity.STAFF

    def is_shown(self, request: RightsRequest) -> bool:
        """Whether it was shown a short while ago."""
        at = request.identified_at
        return at is not None and self._is_near(at, IDENTITY_LASTS)

    def demand(self, request: RightsRequest) -> None:
        """Goes on only with the citizen.

        Raises:
            IdentityNotShown: It may be somebody else.
        """
        if not self.is_shown(request):
            raise IdentityNotShown

    async def begin(self, request: RightsRequest, asker: Asker) -> None:
        """Takes what the conversation itself shows, or has a code sent unless one is good.

        Raises:
            TooManyCodes: No more are sent for a while.
        """
        way = self.way_for(asker, request.kind)
        if way != request.identity:
            request.identity, request.identified_at = way, None
        if way in (Identity.CHANNEL, Identity.SESSION):
            request.identified_at = self._now
        elif way is Identity.CODE and not self.is_shown(request):
            code = await self._rights.open_code(request.id)
            if code is None or not self._is_good(code):
                await self.send_code(request, asker)

    async def send_code(self, request: RightsRequest, asker: Asker) -> None:
        """Has a new code sent; earlier ones are good no more.

        Raises:
            TooManyCodes: No more are sent for a while.
            IdentityNotShown: There is no number that a code can be sent to.
        """
        if self.way_for(asker, request.kind) is not Identity.CODE or not asker.address:
            raise IdentityNotShown
        address = keyed_digest(self._secret, asker.address)
        for span, most in _MOST_CODES:
            if await self._rights.count_codes(address, self._now - span, self._now) >= most:
                raise TooManyCodes
        span, most = _MOST_CODES_IN_CONVERSATION
        in_it = await self._rights.count_codes_in(asker.conversation_id, self._now - span, self._now)
        if in_it >= most:
            raise TooManyCodes
        await self._rights.end_codes(request.id, self._now)
        await self._rights.add(
            IdentityCode(
                request_id=request.id,
                address=address,
                made_at=self._now,
                expires_at=self._now + CODE_LASTS,
                tries=0,
            )
        )

    async def check(self, request: RightsRequest, proof: str) -> tuple[CodeAnswer, int]:
        """Takes the proof of a code; gives what it is worth, and how many tries are left."""
        code = await self._rights.open_code(request.id)
        if code is None or not self._is_good(code):
            return CodeAnswer.EXPIRED, 0
        code.tries += 1
        right, conversation_id = identity_code(self._secret, code.id), request.conversation_id or ""
        if any(is_proof(key, conversation_id, right, proof) for key in self._signing_keys):
            code.used_at = request.identified_at = self._now
            return CodeAnswer.RIGHT, 0
        left = MOST_TRIES - code.tries
        return (CodeAnswer.WRONG if left else CodeAnswer.EXPIRED), left

    def _is_good(self, code: IdentityCode) -> bool:
        lasts = self._now < code.expires_at and self._is_near(code.made_at, CODE_LASTS)
        return code.tries < MOST_TRIES and lasts

    def _is_near(self, moment: datetime, span: timedelta) -> bool:
        """Whether a moment is no further away: behind us, or before us if the clock was set back."""
        return abs(self._now - moment) < span

"""A caseworker's desk beside the citizen's: the same slots, and the service that books for a citizen."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from backend.appointments.service import AppointmentService
from backend.booking.repository import BookingRepository
from backend.booking.rules import BookingRules
from backend.booking.service import BookingService
from backend.citizens.repository import CitizenRepository
from backend.citizens.service import CitizenService
from backend.keys import MUNICIPALITY, SETTINGS
from backend.outreach.notices import NoticeService
from backend.outreach.repository import ContactWishRepository, OutreachRepository
from backend.outreach.service import ContactWishService
from tests.backend.booking.conftest import desk, settings

__all__ = ["desk", "settings"]

CASEWORKER = "Karen Holm"
Staff = Callable[[], AbstractAsyncContextManager[AppointmentService]]


@pytest.fixture
def staff(client: Any, database: Any, clock: Any) -> Staff:
    """A transaction of a caseworker's, stored when nothing goes wrong in it."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[AppointmentService]:
        rules = BookingRules.of(client.app[SETTINGS], client.app[MUNICIPALITY]).for_staff()
        async with database.write() as work:
            now, session = clock(), work.session
            wishes = ContactWishService(ContactWishRepository(session))
            yield AppointmentService(
                BookingService(BookingRepository(session), rules, now, CASEWORKER),
                CitizenService(CitizenRepository(session), now),
                NoticeService(OutreachRepository(session), wishes, now, sends_sms=True),
            )
            await work.commit()

    return begin

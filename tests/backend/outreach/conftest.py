"""The municipality of the booking desk, whose opening hours the times here are made for."""

from tests.backend.booking.conftest import settings

__all__ = ["settings"]

"""Finds and adds tracks."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.db import insert_if_absent
from backend.tracks.tables import Track


class TrackRepository:
    """The stored tracks."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def all(self) -> list[Track]:
        """Every track in the order they are told."""
        return list(await self._session.scalars(select(Track).order_by(Track.position)))

    async def add_if_absent(self, track: Mapping[str, Any]) -> bool:
        """Adds a track unless one with its id exists, whose texts may be the municipality's own by now."""
        return await insert_if_absent(self._session, Track, track)

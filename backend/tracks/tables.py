"""How a track is stored."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base


class Track(Base):
    """An upskilling track as it is told to a citizen. Its id is the one that placements name."""

    __tablename__ = "tracks"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(100))
    description: Mapped[str] = mapped_column(Text)
    for_whom: Mapped[str] = mapped_column(Text)
    leads_to: Mapped[str] = mapped_column(Text)

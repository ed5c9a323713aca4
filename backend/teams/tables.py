"""How teams are stored."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base, IdColumn

INTAKE = "intake"
"""The team that every conversation begins in. It is always there."""


class Team(Base):
    """A part of the municipality that looks after its own citizens."""

    __tablename__ = "teams"

    id: Mapped[IdColumn]
    name: Mapped[str] = mapped_column(String(200), unique=True)
    organisation: Mapped[str | None] = mapped_column(String(200), unique=True)
    """What the identity provider calls it, when people sign in there: often a UUID of the organisation."""

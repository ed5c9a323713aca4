"""How a citizen is stored."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base, IdColumn


class Citizen(Base):
    """Someone who talks to Digispor. Name, phone number and the job they wish are known once told."""

    __tablename__ = "citizens"

    id: Mapped[IdColumn]
    conversation_id: Mapped[str] = mapped_column(String(200), unique=True)
    channel: Mapped[str] = mapped_column(String(50))
    name: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(50), index=True)
    wished_occupation: Mapped[str | None] = mapped_column(String(200))
    """The job they would like, in their own words."""
    created_at: Mapped[datetime] = mapped_column(index=True)

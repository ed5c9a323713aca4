"""How a citizen is stored."""

from datetime import datetime

from sqlalchemy import String, event
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base, IdColumn, Sealed
from backend.db.sealed import Index, keep_indexes

SMS_CONVERSATION = "sms."
"""What the ids of conversations by SMS begin with; the channel knows the number behind it."""


class Citizen(Base):
    """Someone who talks to Digispor. Name, phone number and the job they wish are known once told."""

    __tablename__ = "citizens"

    id: Mapped[IdColumn]
    conversation_id: Mapped[str] = mapped_column(String(200), unique=True)
    channel: Mapped[str] = mapped_column(String(50))
    name: Mapped[str | None] = mapped_column(Sealed("citizens.name"))
    phone: Mapped[str | None] = mapped_column(Sealed("citizens.phone", index="phone_index"))
    """In E.164."""
    phone_index: Mapped[str | None] = mapped_column(Index, index=True)
    """What the number is found by, since it is sealed."""
    wished_occupation: Mapped[str | None] = mapped_column(String(200))
    """The job they would like, in their own words."""
    created_at: Mapped[datetime] = mapped_column(index=True)


event.listen(Citizen, "before_insert", keep_indexes)
event.listen(Citizen, "before_update", keep_indexes)

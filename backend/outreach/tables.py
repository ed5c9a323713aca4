"""How it is stored what citizens are sent, and whether they want to be."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base


class ContactWish(Base):
    """The newest word of a citizen on whether they want to be written to. Without one they do."""

    __tablename__ = "contact_wishes"

    conversation_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    wanted: Mapped[bool]
    said_at: Mapped[datetime]

"""How citizens' requests about their own data are stored, and what is left when data has been erased."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base, IdColumn

_IS_OPEN = text("closed_at IS NULL")


class RequestKind(StrEnum):
    """What a citizen asks for."""

    EXPORT = "export"
    ERASURE = "erasure"


class Identity(StrEnum):
    """What shows that it is the citizen who asks."""

    CHANNEL = "channel"
    """The phone they write from, to which the answer goes."""
    CODE = "code"
    """A code that is sent to the one number they have told, or to the one they write from."""
    SESSION = "session"
    """The chat in their browser, where they have told no number."""
    STAFF = "staff"
    """A caseworker, because no code can be sent, or none would show it."""


class RightsRequest(Base):
    """A citizen's request. It is open until it is met or taken back; the law gives a month."""

    __tablename__ = "rights_requests"
    __table_args__ = (
        CheckConstraint("kind IN ('export', 'erasure')", name="kind"),
        CheckConstraint("identity IN ('channel', 'code', 'session', 'staff')", name="identity"),
        # A citizen has one open request of a kind at most.
        Index(
            "uq_rights_requests_open",
            "conversation_id",
            "kind",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index(None, "closed_at", "due_at"),
    )

    id: Mapped[IdColumn]
    kind: Mapped[RequestKind] = mapped_column(String(20))
    conversation_id: Mapped[str | None] = mapped_column(String(200))
    """None once everything is erased."""
    identity: Mapped[Identity] = mapped_column(String(20))
    identified_at: Mapped[datetime | None]
    """When it was last shown that it is the citizen who asks."""
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class IdentityCode(Base):
    """A code by SMS. It is stored nowhere: a secret and this row's id give it, and the secret is no data."""

    __tablename__ = "identity_codes"

    id: Mapped[IdColumn]
    request_id: Mapped[str] = mapped_column(ForeignKey("rights_requests.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(64), index=True)
    """A digest of where it goes, by which codes are counted."""
    made_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    tries: Mapped[int]
    sent_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    """When it was given, or another took its place."""


class ExportLink(Base):
    """A link to a citizen's data, for one browser and a short time. Its key is not stored either."""

    __tablename__ = "export_links"

    id: Mapped[IdColumn]
    request_id: Mapped[str] = mapped_column(ForeignKey("rights_requests.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    browser: Mapped[str | None] = mapped_column(String(64))
    """A digest of the cookie of the browser that has opened it."""


class Erasure(Base):
    """An erasure, and in the end its receipt: then nothing in it says whose data it was."""

    __tablename__ = "erasures"
    __table_args__ = (
        CheckConstraint("meeting IN ('none', 'cancel', 'keep')", name="meeting"),
        Index(None, "told_at"),
    )

    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    request_id: Mapped[str | None] = mapped_column(ForeignKey("rights_requests.id"), unique=True)
    """None when nobody has asked for it: its time was up."""
    conversation_id: Mapped[str | None] = mapped_column(String(200))
    """None once the citizen has been told that it is done."""
    meeting: Mapped[str] = mapped_column(String(10))
    """What the citizen said about their coming meeting."""
    begun_at: Mapped[datetime]
    rows_erased_at: Mapped[datetime | None]
    """When nothing was left to read in the assistant's files and in the database's tables."""
    done_at: Mapped[datetime | None]
    """When the files themselves had been cleaned too."""
    told_at: Mapped[datetime | None]
    erased: Mapped[list[str]] = mapped_column(JSON)
    """What there was and is gone, by kind."""
    kept: Mapped[list[str]] = mapped_column(JSON)
    """What is kept, by kind."""


class ErasedConversation(Base):
    """What is left of a conversation's id: enough to know it by when it comes again."""

    __tablename__ = "erased_conversations"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime]
    """What happened in it up to this moment is erased and is not taken in again."""
    number: Mapped[str] = mapped_column(ForeignKey("erasures.number"))
    """The latest erasure."""

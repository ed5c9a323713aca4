"""How caseworkers and their sessions are stored."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.db import Base, IdColumn


class ConsoleUser(Base):
    """A caseworker who may sign in."""

    __tablename__ = "console_users"

    id: Mapped[IdColumn]
    login: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    """Argon2id, with its salt and parameters."""
    failed_attempts: Mapped[int]
    """Attempts in a row that have not led to a session."""
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ConsoleSession(Base):
    """A signed-in browser. Its id is a digest of the token, so that reading the table lets nobody in."""

    __tablename__ = "console_sessions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("console_users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    last_seen_at: Mapped[datetime]

    user: Mapped[ConsoleUser] = relationship(lazy="joined", innerjoin=True)

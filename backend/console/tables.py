"""How caseworkers, what they may do and their sessions are stored."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.db import Base, IdColumn
from backend.teams.tables import Team


class ConsoleUser(Base):
    """A caseworker who may sign in: with a password, or at the provider that knows them."""

    __tablename__ = "console_users"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        CheckConstraint(
            "(issuer IS NULL) = (subject IS NULL) AND (issuer IS NULL) = (password_hash IS NOT NULL)",
            name="way_in",
        ),
    )

    id: Mapped[IdColumn]
    login: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """Argon2id, with its salt and parameters; None for who signs in at the provider."""
    password_given_at: Mapped[datetime | None]
    """When somebody else gave the password; None when its owner has chosen it."""
    issuer: Mapped[str | None] = mapped_column(String(255))
    subject: Mapped[str | None] = mapped_column(String(255))
    """What the provider `issuer` knows them by. Both are None for an account of the console's own."""
    failed_attempts: Mapped[int]
    """Attempts in a row that have not led to a session."""
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]

    roles: Mapped[list["ConsoleRole"]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    def unlock(self) -> None:
        """Forgets the attempts that have failed, and opens the lock that they led to."""
        self.failed_attempts, self.locked_until = 0, None


class ConsoleRole(Base):
    """A role of a caseworker, in one team or in all."""

    __tablename__ = "console_roles"
    __table_args__ = (
        UniqueConstraint("user_id", "role", "team_id"),
        CheckConstraint("role IN ('caseworker', 'team_leader', 'bot_trainer', 'administrator')", name="role"),
    )

    id: Mapped[IdColumn]
    user_id: Mapped[str] = mapped_column(ForeignKey("console_users.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    team_id: Mapped[str | None] = mapped_column(ForeignKey(Team.id))
    """None for every team."""


class ConsoleSecondFactor(Base):
    """The app that makes codes for somebody who signs in with a password."""

    __tablename__ = "console_second_factors"

    user_id: Mapped[str] = mapped_column(ForeignKey("console_users.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(Text)
    """What the app shares with us, sealed."""
    begun_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    """When a first code showed that the app has the secret; nobody is asked for codes before."""
    last_step: Mapped[int]
    """The step of time whose code was used last. No code of it or of an earlier one is good any more."""


class ConsoleRecoveryCode(Base):
    """A code for who has lost the app, good once: the row goes with its use. Its id is the code's digest."""

    __tablename__ = "console_recovery_codes"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(
        ForeignKey("console_second_factors.user_id", ondelete="CASCADE"), index=True
    )


class ConsoleSession(Base):
    """A signed-in browser. Its id is a digest of the token, so that reading the table lets nobody in."""

    __tablename__ = "console_sessions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("console_users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    last_seen_at: Mapped[datetime]
    provider_session: Mapped[str | None] = mapped_column(String(255))
    """The session at the provider that it hangs on, when the provider names it."""
    id_token: Mapped[str | None] = mapped_column(Text)
    """The provider's word for who it is, sealed; shown to the provider when they sign out."""

    user: Mapped[ConsoleUser] = relationship(lazy="joined", innerjoin=True)

"""What a backend can be told from outside: environment variables and the `.env` file at the top level."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from throttling import Proxies

PROJECT_ROOT = Path(__file__).resolve().parent.parent
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SHORTEST_SECRET = 16
_SHORTEST_CONTACT_KEY = 32


class RotatingSecret(SecretStr):
    """A secret, or several separated by commas: the newest first, then older ones that are still accepted."""

    @property
    def accepted(self) -> tuple[str, ...]:
        """All of them, the newest first."""
        return tuple(part.strip() for part in self.get_secret_value().split(",") if part.strip())

    @property
    def newest(self) -> str:
        """The one that is shown, and that signs and seals."""
        return self.accepted[0]


def _long_enough(secret: RotatingSecret) -> RotatingSecret:
    if min(map(len, secret.accepted), default=0) < _SHORTEST_SECRET:
        raise ValueError(f"must have at least {_SHORTEST_SECRET} characters")
    return secret


_NeededSecret = Annotated[RotatingSecret, AfterValidator(_long_enough)]


class SecondFactorFor(StrEnum):
    """Whose accounts must ask for a code besides the password."""

    NOBODY = "nobody"
    ADMINISTRATORS = "administrators"
    EVERYBODY = "everybody"


class Settings(BaseSettings):
    """Settings named DIGISPOR_<FIELD>; relative paths start at the project's top level.

    A backend without its secrets refuses to start instead of running open.
    """

    model_config = SettingsConfigDict(
        env_prefix="DIGISPOR_", env_file=PROJECT_ROOT / ".env", extra="ignore", frozen=True
    )

    data_dir: Path = Path("var")
    database_url: str = ""
    """Empty means the embedded SQLite file `digispor.db` in `data_dir`."""
    service_token: _NeededSecret
    signing_key: _NeededSecret
    console_secret: _NeededSecret
    contact_key: RotatingSecret = RotatingSecret("")
    """Seals names and numbers in the database."""
    contact_key_file: Path | None = None
    """A file that holds the keys in the place of `contact_key`, the newest first; one a line will do too."""
    metrics_token: SecretStr = SecretStr("")
    """What Prometheus shows; without one nobody reads the metrics."""
    backend_port: int = Field(default=8080, ge=0, le=65535)
    rasa_url: str = "http://localhost:5005"
    """Where the backend finds Rasa's channels."""
    sms_provider: str = "off"
    """Who carries SMS; "off" or empty when nobody does."""
    chat_url: str = "http://localhost:5005"
    public_url: str = "http://localhost:8080"
    cors_origins: str = ""
    """Origins of the pages that may hold the chat, separated by commas."""
    trusted_proxies: str = "127.0.0.1,::1"
    """Proxies whose word for who asks is believed, as addresses or networks, separated by commas."""
    municipality: Path = Path("municipality.yml")
    cross_validation: Path = Path("results/cross-validation.json")
    """Where `make cross-validate` has written how well each intent is understood."""
    demo_login: str = "demo"
    demo_password: SecretStr | None = None
    idempotency_days: int = Field(default=30, ge=1)
    """How long the answer to a write can be repeated, in days."""
    write_wait_seconds: float = Field(default=2.5, gt=0)
    """How long a write waits for its turn before it is refused; shorter than the client's timeout."""
    hold_minutes: int = Field(default=10, ge=1)
    """How long a chosen slot is kept for a citizen."""
    booking_lead_minutes: int = Field(default=120, ge=0)
    """How long whoever books can at the least move or cancel again; nearer slots are not offered."""
    change_notice_hours: int = Field(default=24, ge=0)
    """How long before its start a booking can be moved or cancelled at the latest."""
    local_sign_in: bool = True
    """Whether people sign in with the console's own accounts too, beside the municipality's provider."""
    second_factor_for: SecondFactorFor | None = None
    """Whose own accounts must ask for a code too; None for administrators' where people come by https."""
    oidc_issuer: str = ""
    """The municipality's OpenID provider; empty when people sign in with the console's own accounts only."""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_client_secret_file: Path | None = None
    """A file that holds the secret, in the place of `oidc_client_secret`."""
    oidc_scopes: str = "openid profile"
    oidc_roles_claim: str = "roles"
    oidc_name_claim: str = "name"
    oidc_login_claim: str = "preferred_username"

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies_have_addresses(cls, trusted: str) -> str:
        Proxies(trusted)
        return trusted

    @model_validator(mode="after")
    def _somebody_can_sign_in(self) -> Self:
        """Refuses a provider that cannot be used, and a console with no way in."""
        if not self.oidc_issuer:
            if not self.local_sign_in:
                raise ValueError("DIGISPOR_LOCAL_SIGN_IN: without DIGISPOR_OIDC_ISSUER nobody could sign in")
            return self
        issuer = urlsplit(self.oidc_issuer)
        if issuer.scheme != "https" and issuer.hostname not in _LOOPBACK:
            raise ValueError("DIGISPOR_OIDC_ISSUER: must begin with https://")
        if not self.oidc_client_id or not self.oidc_secret:
            raise ValueError(
                "DIGISPOR_OIDC_ISSUER: needs DIGISPOR_OIDC_CLIENT_ID and DIGISPOR_OIDC_CLIENT_SECRET or "
                "DIGISPOR_OIDC_CLIENT_SECRET_FILE"
            )
        if "openid" not in self.oidc_scopes.split():
            raise ValueError("DIGISPOR_OIDC_SCOPES: must contain openid")
        return self

    @model_validator(mode="after")
    def _contacts_can_be_sealed(self) -> Self:
        """Refuses to start without a key."""
        if min(map(len, self.contact_secrets), default=0) < _SHORTEST_CONTACT_KEY:
            raise ValueError(
                f"DIGISPOR_CONTACT_KEY: needs at least {_SHORTEST_CONTACT_KEY} characters, or "
                "DIGISPOR_CONTACT_KEY_FILE"
            )
        return self

    @property
    def contact_secrets(self) -> tuple[str, ...]:
        """What names and numbers are sealed with: the newest first, then those that still open."""
        if self.contact_key_file is None:
            return self.contact_key.accepted
        written = _read(self.contact_key_file, "DIGISPOR_CONTACT_KEY_FILE")
        return RotatingSecret(",".join(written.split())).accepted

    @property
    def oidc_secret(self) -> str:
        """What proves to the provider that it is us who ask."""
        if self.oidc_client_secret_file is None:
            return self.oidc_client_secret.get_secret_value()
        return _read(self.oidc_client_secret_file, "DIGISPOR_OIDC_CLIENT_SECRET_FILE")

    @property
    def sends_sms(self) -> bool:
        """Whether citizens can be written to by SMS."""
        return self.sms_provider not in ("", "off")

    @property
    def is_https(self) -> bool:
        """Whether people reach us encrypted; a proxy may end the encryption before us."""
        return self.public_url.startswith("https://")

    @property
    def demanded_second_factor(self) -> SecondFactorFor:
        """Whose own accounts must ask for a code besides the password."""
        unsaid = SecondFactorFor.ADMINISTRATORS if self.is_https else SecondFactorFor.NOBODY
        return self.second_factor_for or unsaid

    @property
    def data_path(self) -> Path:
        """The data directory as an absolute path."""
        return PROJECT_ROOT / self.data_dir

    @property
    def municipality_path(self) -> Path:
        """The municipality file as an absolute path."""
        return PROJECT_ROOT / self.municipality

    @property
    def cross_validation_path(self) -> Path:
        """The measurement of the intents as an absolute path."""
        return PROJECT_ROOT / self.cross_validation

    @property
    def chat_origins(self) -> list[str]:
        """Origins of the pages that may hold the chat."""
        return [origin.strip() for origin in self.cors_origins.split(",") if origin.strip()]

    @property
    def resolved_database_url(self) -> str:
        """The SQLAlchemy URL of the database in use."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_path / 'digispor.db'}"


def load_settings(**overrides: Any) -> Settings:
    """The settings of this process.

    Raises:
        SystemExit: A secret is missing, or a value is wrong; one line says which.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        faults = "; ".join(_told(fault) for fault in error.errors())
        raise SystemExit(f"The settings cannot be used. {faults}") from None


def _read(path: Path, setting: str) -> str:
    try:
        return (PROJECT_ROOT / path).read_text("utf-8").strip()
    except OSError as error:
        raise ValueError(f"{setting}: {error.strerror}") from error


def _told(fault: ErrorDetails) -> str:
    said = fault["msg"].removeprefix("Value error, ")
    # A fault of several together names them itself.
    return f"DIGISPOR_{str(fault['loc'][0]).upper()}: {said}" if fault["loc"] else said

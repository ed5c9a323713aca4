"""What the started processes share: the environment, then `.env`, then defaults that fit together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

from setup.errors import SetupError
from setup.layout import ROOT

# In the order in which a port that is taken is reported.
PORTS = {
    "DIGISPOR_BACKEND_PORT": ("backenden", 8080),
    "DIGISPOR_RASA_PORT": ("Rasa", 5005),
    "DIGISPOR_ACTIONS_PORT": ("action-serveren", 5055),
}
# Six months, whichever they are.
SHORTEST_LOG_DAYS = 184
# Rasa would otherwise write to the home folder, send usage figures and fill the log with warnings.
QUIET_RASA = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "PYTHONWARNINGS": "ignore",
}


@dataclass(frozen=True)
class RunSettings:
    """What `make run` starts the three processes with.

    Attributes:
        environment: Every variable the processes get.
    """

    environment: dict[str, str]

    @classmethod
    def resolve(cls, environment: Mapping[str, str], secrets: Mapping[str, str]) -> RunSettings:
        """Takes the environment first, then the secrets file, then defaults; addresses follow the ports.

        Raises:
            SetupError: A port is not a number between 1 and 65535.
        """
        given = {**secrets, **environment}
        ports = {name: _port(name, given.get(name, str(default))) for name, (_, default) in PORTS.items()}
        backend, rasa, actions = ports.values()
        defaults = {
            "DIGISPOR_DATA_DIR": "var",
            "DIGISPOR_LOG_DAYS": "190",
            "DIGISPOR_BACKEND_URL": f"http://127.0.0.1:{backend}",
            "DIGISPOR_ACTIONS_URL": f"http://127.0.0.1:{actions}/webhook",
            "DIGISPOR_RASA_URL": f"http://127.0.0.1:{rasa}",
            "DIGISPOR_CHAT_URL": f"http://localhost:{rasa}",
            "DIGISPOR_PUBLIC_URL": f"http://localhost:{backend}",
            "DIGISPOR_CORS_ORIGINS": f"http://localhost:{backend},http://127.0.0.1:{backend}",
            "DIGISPOR_TRUSTED_PROXIES": "127.0.0.1,::1",
            "DIGISPOR_MUNICIPALITY": "municipality.yml",
            "DIGISPOR_DEMO_LOGIN": "demo",
            # Rasa refuses a credentials.yml with a variable that is not set.
            "DIGISPOR_SMS_PROVIDER": "off",
            "DIGISPOR_SMS_API_URL": "",
            "DIGISPOR_SMS_SENDER": "",
            "DIGISPOR_SMS_ACCOUNT": "",
            "DIGISPOR_SMS_TOKEN": "",
            "DIGISPOR_SMS_WEBHOOK_SECRET": "",
        }
        # A log that says what happened when it happened.
        prompt = {"PYTHONUNBUFFERED": "1"}
        return cls(
            {**QUIET_RASA, **prompt, **defaults, **given, **{name: str(port) for name, port in ports.items()}}
        )

    def __getitem__(self, name: str) -> str:
        return self.environment[name]

    def port(self, name: str) -> int:
        """A port by its setting's name."""
        return int(self.environment[name])

    @property
    def data_dir(self) -> Path:
        """The data folder as an absolute path."""
        return ROOT / self.environment["DIGISPOR_DATA_DIR"]

    @property
    def log(self) -> Path:
        """What the three processes write while they run; anew at each start and each day."""
        return self.data_dir / "log" / "digispor.log"

    @property
    def log_days(self) -> int:
        """How many days what they have written is kept.

        Raises:
            SetupError: It is no number, or shorter than half a year.
        """
        given = self.environment["DIGISPOR_LOG_DAYS"]
        if not given.isdigit() or int(given) < SHORTEST_LOG_DAYS:
            raise SetupError(f"DIGISPOR_LOG_DAYS skal være mindst {SHORTEST_LOG_DAYS}, ikke '{given}'.")
        return int(given)


def _port(name: str, value: str) -> int:
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise SetupError(f"{name} skal være et portnummer mellem 1 og 65535, ikke '{value}'.")
    return int(value)

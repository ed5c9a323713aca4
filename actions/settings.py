"""Settings of the action server, read from the environment."""

import os
from dataclasses import dataclass
from pathlib import Path

from bot.rotation import newest


@dataclass(frozen=True)
class ActionSettings:
    """What the action server needs to know.

    Attributes:
        backend_url: Root of the backend, without a trailing slash.
        service_tokens: Bearer tokens, the newest first, with commas between: the newest is shown to the
            backend, and Rasa may show any.
        data_dir: Folder of the outbox and of the attempted writes.
        port: Loopback port of the action server.
        metrics_token: What Prometheus shows; without one nobody reads the metrics.
    """

    backend_url: str
    service_tokens: str
    data_dir: Path
    port: int
    metrics_token: str = ""

    @classmethod
    def from_environment(cls) -> "ActionSettings":
        """Reads DIGISPOR_* variables.

        Raises:
            RuntimeError: The service token is missing; without it every call would be refused.
        """
        tokens = os.environ.get("DIGISPOR_SERVICE_TOKEN", "")
        if not newest(tokens):
            raise RuntimeError("DIGISPOR_SERVICE_TOKEN mangler. Kør 'make run', som laver filen .env.")
        return cls(
            backend_url=os.environ.get("DIGISPOR_BACKEND_URL", "http://127.0.0.1:8080").rstrip("/"),
            service_tokens=tokens,
            data_dir=Path(os.environ.get("DIGISPOR_DATA_DIR", "var")),
            port=int(os.environ.get("DIGISPOR_ACTIONS_PORT", "5055")),
            metrics_token=os.environ.get("DIGISPOR_METRICS_TOKEN", ""),
        )

    @property
    def service_token(self) -> str:
        """The bearer token for the backend's API."""
        return newest(self.service_tokens)

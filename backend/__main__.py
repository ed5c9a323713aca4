"""`python -m backend` serves the backend on loopback until it is asked to stop."""

from aiohttp import web

from backend.access_log import configure_logging
from backend.app import create_app
from backend.settings import load_settings

SHUTDOWN_SECONDS = 5.0


def main() -> None:
    """Serves; SIGINT and SIGTERM let running requests end first."""
    configure_logging()
    settings = load_settings()
    web.run_app(
        create_app(settings),
        host="127.0.0.1",
        port=settings.backend_port,
        access_log=None,
        shutdown_timeout=SHUTDOWN_SECONDS,
        print=None,
    )


if __name__ == "__main__":
    main()

"""`python -m backend` serves the backend on loopback until it is asked to stop."""

import gc
import logging
import os

from aiohttp import web

from backend.app import create_app
from backend.settings import load_settings
from observability.logs import configure_logging

SHUTDOWN_SECONDS = 5.0


def main() -> None:
    """Serves; SIGINT and SIGTERM let running requests end first."""
    # What it writes is about citizens: nobody else on the machine reads it.
    os.umask(0o077)
    configure_logging("backend")
    # Alembic tells about itself each time the readiness check asks for the revision.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    settings = load_settings()
    app = create_app(settings)
    app.on_startup.append(_keep_for_good)
    web.run_app(
        app,
        host="127.0.0.1",
        port=settings.backend_port,
        access_log=None,
        shutdown_timeout=SHUTDOWN_SECONDS,
        print=None,
    )


async def _keep_for_good(_: web.Application) -> None:
    """Tells the collector to leave alone what was loaded to start: it looked through it every few seconds."""
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    main()

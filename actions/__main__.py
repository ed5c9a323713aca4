"""Starts the action server: `python -m actions`.

Rasa's own start would answer /health without asking the backend, echo the tracker on errors and listen on
every interface, so the application is finished here.
"""

import logging
import os
from asyncio import AbstractEventLoop

from rasa_sdk.endpoint import create_app
from sanic import Request, Sanic, response
from sanic.response import HTTPResponse

from actions.backend_client import backend
from actions.callers import admit_rasa
from actions.operations import add_operations
from actions.outbox import outbox
from actions.settings import ActionSettings
from observability.logs import configure_logging

logger = logging.getLogger(__name__)


def create_action_server() -> Sanic:
    """Builds the action server for Rasa alone, with readiness, quiet errors and the outbox's delivery."""
    app = create_app("actions", cors_origins=None)

    admit_rasa(app, ActionSettings.from_environment().service_tokens)
    add_operations(app)

    @app.exception(Exception)
    async def hide_tracker(request: Request, error: Exception) -> HTTPResponse:
        """Answers without the tracker that rasa-sdk would echo."""
        logger.error("Action failed on %s", request.path, exc_info=error)
        return response.json({"error": type(error).__name__}, status=getattr(error, "status_code", 500))

    @app.after_server_start
    async def start_outbox(running: Sanic, _: AbstractEventLoop) -> None:
        running.add_task(outbox().deliver_forever(), name="outbox")

    @app.before_server_stop
    async def close_client(_: Sanic, __: AbstractEventLoop) -> None:
        await backend().close()

    return app


if __name__ == "__main__":
    # What it writes is about citizens: nobody else on the machine reads it.
    os.umask(0o077)
    configure_logging("actions")
    # It tells each action that it knows.
    logging.getLogger("rasa_sdk.executor").setLevel(logging.WARNING)
    create_action_server().run("127.0.0.1", ActionSettings.from_environment().port, access_log=False)

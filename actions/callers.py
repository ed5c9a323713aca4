"""Who may have actions run: Rasa, which shows the service token."""

from __future__ import annotations

from sanic import Request, Sanic, response
from sanic.response import HTTPResponse

from bot.rotation import accepted, shows_token
from observability import metrics

_HEALTH = ("/health", "/health/live", "/health/ready")
# These have their own rule, or none.
_OPEN = frozenset({*_HEALTH, metrics.PATH})


def admit_rasa(app: Sanic, service_token: str) -> None:
    """Refuses whoever is not Rasa. An action does what it is told for any conversation that it is told.

    Args:
        app: The action server.
        service_token: What Rasa shows: the setting as it stands in the environment, older ones and all.
    """

    @app.on_request
    async def refuse_others(request: Request) -> HTTPResponse | None:
        if request.path in _OPEN or _is_rasa(request.headers.get("Authorization", ""), service_token):
            return None
        return response.json({"status": 401}, status=401, headers={"WWW-Authenticate": "Bearer"})


def _is_rasa(authorization: str, service_token: str) -> bool:
    scheme, _, shown = authorization.partition(" ")
    # endpoints.yml can only show the whole setting.
    return any(shows_token(f"{scheme} {token}", service_token) for token in accepted(shown))

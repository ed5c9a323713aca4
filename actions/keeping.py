"""Keeping a word to the staff that the backend could not take, so that it is delivered later."""

import logging

from actions.outbox import OutboxRequest, outbox

logger = logging.getLogger(__name__)


async def is_kept(request: OutboxRequest) -> bool:
    """Puts a request into the outbox and tells whether it lies there; if not, nobody will try it again."""
    try:
        await outbox().keep(request)
    except OSError:
        logger.exception("The outbox could not keep %s", request.path)
        return False
    return True

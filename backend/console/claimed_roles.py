"""What the provider's claim about roles gives in the console.

As in Fælleskommunal Adgangsstyring, a right is a role and the organisation that it is limited to. Here it is
one entry of a list, as an object or, where a provider can only send text, as text:

    [{"role": "caseworker", "organisation": "2f1a..."}, "team_leader:2f1a...", "administrator:*"]

`*` is every organisation and must stand there: an entry without organisation gives nothing, as does one whose
role or organisation is not known here.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from typing import Any

from backend.console.rights import Grant, Role

EVERY_ORGANISATION = "*"
_logger = logging.getLogger(__name__)


class _GivesNothing(Exception):
    """An entry that is not understood. The text says why, and nothing of what stood there."""


def claimed_grants(claim: object, teams: Mapping[str, str]) -> frozenset[Grant]:
    """The roles that a claim gives.

    Args:
        claim: What the provider sent; anything but a list of entries as above gives nothing.
        teams: The team of each organisation.
    """
    grants, reasons = set(), Counter[str]()
    entries = claim if isinstance(claim, list) else [] if claim is None else [claim]
    for entry in entries:
        try:
            grants.add(_grant(*_parts(entry), teams))
        except _GivesNothing as nothing:
            reasons[str(nothing)] += 1
    for reason, count in sorted(reasons.items()):
        # No entry is repeated: who is known at the provider by what is not for the log.
        _logger.warning("%s of the roles that came with a sign-in gave nothing: %s", count, reason)
    return frozenset(grants)


def _parts(entry: object) -> tuple[Any, Any]:
    if isinstance(entry, str):
        role, _, organisation = entry.partition(":")
        return role, organisation
    if isinstance(entry, dict):
        return entry.get("role"), entry.get("organisation")
    raise _GivesNothing("neither text nor an object")


def _grant(role: object, organisation: object, teams: Mapping[str, str]) -> Grant:
    if not isinstance(role, str) or role not in list(Role):
        raise _GivesNothing("the role is not known")
    if not isinstance(organisation, str) or not organisation:
        raise _GivesNothing("there is no organisation")
    if organisation == EVERY_ORGANISATION:
        return Grant(Role(role))
    if role == Role.ADMINISTRATOR:
        raise _GivesNothing("an administrator is for every organisation")
    if organisation not in teams:
        raise _GivesNothing("no team has the organisation")
    return Grant(Role(role), teams[organisation])

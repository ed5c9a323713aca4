"""Words that somebody who waits for a person may write about the waiting itself.

They are read by pattern, and only while the citizen waits: anywhere else "hvor lang tid endnu?" may be about
the questions, and who understands it is NLU.
"""

from __future__ import annotations

import re

ASK_QUEUE = "/ask_queue"
LEAVE_QUEUE = "/leave_queue"

_HOW_LONG = re.compile(
    r"(?:hvor (?:lang tid|længe)(?: (?:endnu|varer det|tager det|går der|skal jeg vente|er der))*"
    r"(?: (?:endnu|inden|før)(?: .*)?)?"
    r"|hvornår (?:kommer|er) (?:der )?(?:nogen|en|jeg|det min tur).*"
    r"|(?:hvilket |hvad )?(?:nummer|nr) (?:er jeg|er jeg nu|i køen).*"
    r"|hvor mange (?:er der )?(?:foran mig|i køen|er der foran).*"
    r"|er det snart min tur)"
)
_LEAVE = re.compile(
    r"(?:forlad køen|(?:jeg )?(?:vil|gider|orker|kan) ikke (?:at )?vente(?: (?:længere|mere|mer|på .*))?"
    r"|(?:tag|meld) mig (?:ud )?af køen|ud af køen|jeg går (?:ud )?af køen|stop med at vente"
    r"|jeg vil ikke (?:tale|snakke) med (?:et menneske|nogen|en) alligevel)"
)


def queue_wish(text: str) -> str | None:
    """Gives the payload of what a message asks about the waiting, if it is nothing but that."""
    words = " ".join(re.findall(r"\w+", text.casefold()))
    if _HOW_LONG.fullmatch(words):
        return ASK_QUEUE
    return LEAVE_QUEUE if _LEAVE.fullmatch(words) else None

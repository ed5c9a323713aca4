"""What the Rasa process counts. Labels are channels and words of our own, never anything of a citizen's."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

from observability.metrics import SECONDS, expect

TURN_SECONDS = Histogram(
    "digispor_turn_seconds",
    "How long turns took, and how they ended: answered, heard (a person has it), apologised or unstored",
    ["channel", "outcome"],
    buckets=SECONDS,
)
MESSAGES = Counter(
    "digispor_messages_total", "What citizens said, and whether it was understood", ["channel", "read"]
)
SMS_ATTEMPTS = Counter(
    "digispor_sms_attempts_total", "Attempts to send an SMS, by how they went", ["outcome"]
)
EVENTS_REFUSED = Counter("digispor_events_refused_total", "Events that the backend would not take")

ANSWERED, HEARD, APOLOGISED, UNSTORED = "answered", "heard", "apologised", "unstored"
UNDERSTOOD, NOT_UNDERSTOOD = "understood", "not_understood"
# From the start, so that the first one is seen as an increase.
for _channel in ("web", "sms", "rest"):
    for _outcome in (ANSWERED, HEARD, APOLOGISED, UNSTORED):
        TURN_SECONDS.labels(_channel, _outcome)
    for _read in (UNDERSTOOD, NOT_UNDERSTOOD):
        MESSAGES.labels(_channel, _read)
for _outcome in ("sent", "waiting", "sending", "failed"):
    SMS_ATTEMPTS.labels(_outcome)
expect("events")

"""What the action server counts. Labels are actions and resources of the backend, nothing of citizens."""

from prometheus_client import Counter, Histogram

from observability.metrics import SECONDS, expect

ACTION_SECONDS = Histogram(
    "digispor_action_seconds",
    "How long actions took, and how they ended: done, backend (it did not do its part) or failed (our fault)",
    ["action", "outcome"],
    buckets=SECONDS,
)
BACKEND_SECONDS = Histogram(
    "digispor_backend_call_seconds",
    "How long calls to the backend took, and how they ended: done, refused or unavailable",
    ["resource", "outcome"],
    buckets=SECONDS,
)
BACKEND_RETRIES = Counter("digispor_backend_retries_total", "Calls to the backend that were made again")
DONE, BACKEND, FAILED, REFUSED, UNAVAILABLE = "done", "backend", "failed", "refused", "unavailable"
expect("outbox")

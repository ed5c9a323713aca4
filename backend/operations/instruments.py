"""What the backend counts. Labels are routes, methods and words of our own, never anything of a citizen's."""

from prometheus_client import Counter, Histogram

from observability.metrics import SECONDS, expect

REQUEST_SECONDS = Histogram(
    "digispor_http_request_seconds",
    "How long requests took, and how many there were",
    ["method", "route", "status"],
    buckets=SECONDS,
)
WRITE_WAIT_SECONDS = Histogram(
    "digispor_database_write_wait_seconds", "How long writes waited for their turn", buckets=SECONDS
)
DATABASE_REFUSALS = Counter(
    "digispor_database_refusals_total",
    "Times that the database could not be had: too many writes waiting, locked, full or gone",
    ["reason"],
)
EVENT_LAG_SECONDS = Histogram(
    "digispor_event_lag_seconds",
    "How old the newest of a delivery of conversation events was when it was stored",
    buckets=(0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200, 86400),
)

BUSY, UNAVAILABLE = "busy", "unavailable"
for _reason in (BUSY, UNAVAILABLE):
    # From the start, so that the first one is seen as an increase.
    DATABASE_REFUSALS.labels(_reason)
expect("outreach", "privacy", "anchoring", "desk_messages", "desk_queue", "desk_reports")

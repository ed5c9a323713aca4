"""Every table of the backend, imported for its effect on `Base.metadata`: one line a room."""

import backend.api.idempotency
import backend.booking.tables
import backend.citizens.tables  # noqa: F401

"""Every table of the backend, imported for its effect on `Base.metadata`: one line a room."""

import backend.api.idempotency
import backend.assessment.tables
import backend.audit.tables
import backend.booking.tables
import backend.citizens.tables
import backend.console.tables
import backend.corrections.tables
import backend.handover.tables
import backend.live.tables
import backend.outreach.tables
import backend.placements.tables
import backend.privacy.tables
import backend.retention.tables
import backend.reviews.tables
import backend.teams.tables
import backend.tracks.tables
import backend.transcripts.tables  # noqa: F401

"""What could not be delivered is kept on disk and delivered later, once."""

import asyncio
import json
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from actions.backend_requests import BackendRefused, BackendUnavailable
from actions.outbox import Outbox, OutboxRequest
from observability.correlation import correlated, current

REQUEST = OutboxRequest.cancellation("b1", 3, "jeg er syg", "conversation:message:cancel")


class RecordingBackend:
    """Stands at the client's `post`; fails as told before it takes requests."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.taken: list[tuple[str, dict[str, Any], str]] = []

    async def post(self, path: str, body: dict[str, Any], key: str) -> dict[str, Any]:
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append((path, body, key))
        return {}


def outbox_of(folder: Path, backend: RecordingBackend) -> Outbox:
    return Outbox(folder, backend)  # type: ignore[arg-type]


async def test_a_kept_cancellation_is_delivered_with_its_first_key(tmp_path: Path) -> None:
    backend = RecordingBackend()
    outbox = outbox_of(tmp_path, backend)
    await outbox.keep(REQUEST)
    assert await outbox.deliver() == 1
    assert backend.taken == [
        ("/bookings/b1/cancel", {"version": 3, "reason": "jeg er syg"}, "conversation:message:cancel")
    ]


async def test_a_delivered_request_is_not_sent_again(tmp_path: Path) -> None:
    backend = RecordingBackend()
    outbox = outbox_of(tmp_path, backend)
    await outbox.keep(REQUEST)
    await outbox.deliver()
    assert await outbox.deliver() == 0
    assert len(backend.taken) == 1


async def test_a_kept_request_survives_a_restart_of_the_process(tmp_path: Path) -> None:
    await outbox_of(tmp_path, RecordingBackend()).keep(REQUEST)
    backend = RecordingBackend()
    assert await outbox_of(tmp_path, backend).deliver() == 1
    assert len(backend.taken) == 1


async def test_a_request_stays_while_the_backend_is_away(tmp_path: Path) -> None:
    backend = RecordingBackend(BackendUnavailable("away", outcome_unknown=False))
    outbox = outbox_of(tmp_path, backend)
    await outbox.keep(REQUEST)
    assert await outbox.deliver() == 0
    assert await outbox.deliver() == 1


async def test_one_request_that_fails_does_not_hold_up_the_next(tmp_path: Path) -> None:
    backend = RecordingBackend(BackendUnavailable("HTTP 500", outcome_unknown=True))
    outbox = outbox_of(tmp_path, backend)
    await outbox.keep(REQUEST)
    await outbox.keep(OutboxRequest.flag("abc", "crisis", "abc:1:flag"))
    assert await outbox.deliver() == 1
    assert backend.taken[0][0] == "/conversations/abc/flags"


async def test_only_what_a_conversation_asked_of_its_bookings_is_settled(tmp_path: Path) -> None:
    backend = RecordingBackend()
    outbox = outbox_of(tmp_path, backend)
    await outbox.keep(OutboxRequest.cancellation("b2", 1, "syg", "conversation-2:message:cancel"))
    await outbox.keep(OutboxRequest.flag("conversation", "crisis", "conversation:1:flag"))
    await outbox.keep(REQUEST)
    await outbox.settle("conversation")
    assert [path for path, _, _ in backend.taken] == ["/bookings/b1/cancel"]
    assert await outbox.deliver() == 2


async def test_what_cannot_be_settled_stays_and_may_have_been_done_the_first_time(tmp_path: Path) -> None:
    backend = RecordingBackend(BackendUnavailable("away", outcome_unknown=False))
    outbox = outbox_of(tmp_path, backend)
    await outbox.keep(REQUEST)
    with pytest.raises(BackendUnavailable) as raised:
        await outbox.settle("conversation")
    assert raised.value.outcome_unknown
    assert await outbox.deliver() == 1


class SlowBackend(RecordingBackend):
    """Takes a request only when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.ready = asyncio.Event(), asyncio.Event()

    async def post(self, path: str, body: dict[str, Any], key: str) -> dict[str, Any]:
        self.asked.set()
        await self.ready.wait()
        return await super().post(path, body, key)


async def test_settling_waits_for_what_is_just_being_delivered(tmp_path: Path) -> None:
    backend = SlowBackend()
    outbox = outbox_of(tmp_path, backend)
    await outbox.keep(REQUEST)
    delivering = asyncio.create_task(outbox.deliver())
    await backend.asked.wait()
    settling = asyncio.create_task(outbox.settle("conversation"))
    done, _ = await asyncio.wait([settling], timeout=0.1)
    assert not done
    backend.ready.set()
    await settling
    assert backend.taken
    assert await delivering == 1


async def test_nobody_waits_for_what_others_have_waiting(tmp_path: Path) -> None:
    backend = SlowBackend()
    outbox = outbox_of(tmp_path, backend)
    await outbox.keep(REQUEST)
    delivering = asyncio.create_task(outbox.deliver())
    await backend.asked.wait()
    await asyncio.wait_for(outbox.settle("conversation-2"), timeout=5)
    assert not delivering.done()
    backend.ready.set()
    assert await delivering == 1


@pytest.mark.parametrize(
    "slugs", [["already-cancelled"], ["not-found"], ["version-conflict", "version-conflict"]]
)
async def test_a_refused_request_is_dropped(tmp_path: Path, slugs: list[str]) -> None:
    backend = RecordingBackend(*(BackendRefused(slug, "") for slug in slugs))
    outbox = outbox_of(tmp_path, backend)
    await outbox.keep(REQUEST)
    assert await outbox.deliver() == 0
    assert await outbox.deliver() == 0
    assert backend.taken == []


async def test_a_half_written_file_is_not_sent(tmp_path: Path) -> None:
    (tmp_path / "1.part").write_text('{"path": "/book', encoding="utf-8")
    assert await outbox_of(tmp_path, RecordingBackend()).deliver() == 0


@pytest.mark.parametrize("slug", ["notice-period-passed", "version-conflict"])
async def test_a_cancellation_that_came_too_late_reaches_the_staff_as_afbud_of_when_it_was_said(
    tmp_path: Path, slug: str
) -> None:
    backend = RecordingBackend(BackendRefused(slug, ""))
    outbox = outbox_of(tmp_path, backend)
    await outbox.keep(REQUEST)
    assert await outbox.deliver() == 1
    assert backend.taken == [
        (
            "/bookings/b1/absence",
            {"version": 3, "reason": "jeg er syg", "said_at": REQUEST.said_at},
            "conversation:message:cancel:absence",
        )
    ]


async def test_a_kept_afbud_counts_from_when_it_was_said(tmp_path: Path) -> None:
    before = datetime.now(timezone.utc)
    absence = OutboxRequest.absence("b1", 3, "jeg er syg", "conversation:message:absence")
    assert before <= datetime.fromisoformat(absence.body["said_at"]) <= datetime.now(timezone.utc)
    # Another request than the first attempt, which told no time and may have been taken.
    assert absence.key != "conversation:message:absence"


async def test_a_request_keeps_the_id_of_its_message_also_after_a_restart(tmp_path: Path) -> None:
    with correlated("w-" + 32 * "a"):
        kept = OutboxRequest.cancellation("b1", 3, "jeg er syg", "key")
    await outbox_of(tmp_path, RecordingBackend()).keep(kept)
    ids: list[str] = []

    class Listening(RecordingBackend):
        async def post(self, path: str, body: dict[str, Any], key: str) -> dict[str, Any]:
            ids.append(current())
            return {}

    await outbox_of(tmp_path, Listening()).deliver()
    assert ids == ["w-" + 32 * "a"]


async def test_a_request_from_before_there_were_ids_is_delivered(tmp_path: Path) -> None:
    old = {"path": "/bookings/b1/cancel", "body": {}, "key": "key"}
    (tmp_path / "00000000000000000001-abc.json").write_text(json.dumps(old), "utf-8")
    assert await outbox_of(tmp_path, RecordingBackend()).deliver() == 1


async def test_what_waits_is_counted_with_its_age(tmp_path: Path) -> None:
    outbox = outbox_of(tmp_path, RecordingBackend())
    assert (outbox.queue(time.time()).waiting, outbox.queue(time.time()).oldest_seconds) == (0, 0.0)
    await outbox.keep(REQUEST)
    told = outbox.queue(time.time() + 60)
    assert told.waiting == 1
    assert told.oldest_seconds >= 60

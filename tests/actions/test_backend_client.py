"""The client against a real HTTP server that behaves, and misbehaves, as told."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from actions.attempts import KEEP_SECONDS, Attempts
from actions.backend_client import BackendClient
from actions.backend_requests import BackendRefused, BackendUnavailable
from observability.correlation import HEADER, correlated

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

CITIZEN = {"id": "c1", "conversation_id": "abc", "channel": "web", "name": None, "phone": None}


class ScriptedBackend:
    """Answers each request with the next handler of a script and remembers what it saw."""

    def __init__(self) -> None:
        self.script: list[Handler] = []
        self.seen: list[tuple[str, str, str | None]] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.seen.append((request.method, request.path, request.headers.get("Idempotency-Key")))
        return await self.script.pop(0)(request)


@pytest.fixture
async def scripted(tmp_path: Path) -> AsyncIterator[tuple[ScriptedBackend, BackendClient]]:
    scripted_backend = ScriptedBackend()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", scripted_backend.handle)
    async with TestServer(app) as server:
        root, attempts = str(server.make_url("")).rstrip("/"), Attempts(tmp_path / "attempts.db")
        client = BackendClient(root, "secret", attempts, timeout_seconds=1.5)
        yield scripted_backend, client
        await client.close()


def answers(content: object, status: int = 200) -> Handler:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.json_response(content, status=status)

    return handler


async def hangs(_: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def drops(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def half_a_body(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"id": "c1", ')
    assert request.transport is not None
    request.transport.close()
    return response


async def garbage(_: web.Request) -> web.StreamResponse:
    return web.Response(text="<html>502</html>", content_type="text/html")


async def create(client: BackendClient) -> object:
    return await client.get_or_create_citizen("abc", "web", "key-1")


async def test_a_write_carries_token_and_key(scripted: tuple[ScriptedBackend, BackendClient]) -> None:
    server, client = scripted
    tokens: list[str] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        tokens.append(request.headers["Authorization"])
        return web.json_response(CITIZEN, status=201)

    server.script = [handler]
    citizen = await client.get_or_create_citizen("abc", "web", "key-1")
    assert citizen.id == "c1"
    assert tokens == ["Bearer secret"]
    assert server.seen == [("POST", "/api/v1/citizens", "key-1")]


async def test_a_call_carries_the_id_of_the_message_that_caused_it(
    scripted: tuple[ScriptedBackend, BackendClient],
) -> None:
    server, client = scripted
    carried: list[str | None] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        carried.append(request.headers.get(HEADER))
        return web.json_response(CITIZEN, status=201)

    server.script = [handler, handler]
    with correlated("w-" + 32 * "a"):
        await create(client)
    await create(client)
    assert carried == ["w-" + 32 * "a", None]


@pytest.mark.parametrize("fault", [hangs, drops, half_a_body, garbage, answers([1]), answers({}, status=500)])
async def test_one_fault_is_repeated_with_the_same_key(
    scripted: tuple[ScriptedBackend, BackendClient], fault: Handler
) -> None:
    server, client = scripted
    server.script = [fault, answers(CITIZEN)]
    assert await create(client) is not None
    assert [key for _, _, key in server.seen] == ["key-1", "key-1"]


@pytest.mark.parametrize("fault", [hangs, drops, half_a_body, garbage, answers([1]), answers({}, status=500)])
async def test_two_faults_on_a_write_leave_the_outcome_unknown(
    scripted: tuple[ScriptedBackend, BackendClient], fault: Handler
) -> None:
    server, client = scripted
    server.script = [fault, fault]
    with pytest.raises(BackendUnavailable) as raised:
        await create(client)
    assert raised.value.outcome_unknown
    assert len(server.seen) == 2


async def test_a_rolled_back_write_is_known_not_to_have_happened(
    scripted: tuple[ScriptedBackend, BackendClient],
) -> None:
    server, client = scripted
    problem = {"type": "https://digispor.dk/problems/database-unavailable", "status": 503}
    server.script = [answers(problem, 503), answers(problem, 503)]
    with pytest.raises(BackendUnavailable) as raised:
        await create(client)
    assert not raised.value.outcome_unknown


async def test_an_unknown_first_try_stays_unknown_when_the_second_is_turned_away(
    scripted: tuple[ScriptedBackend, BackendClient],
) -> None:
    server, client = scripted
    problem = {"type": "https://digispor.dk/problems/database-unavailable", "status": 503}
    server.script = [drops, answers(problem, 503)]
    with pytest.raises(BackendUnavailable) as raised:
        await create(client)
    assert raised.value.outcome_unknown


async def test_a_refusal_is_not_repeated_and_names_its_problem(
    scripted: tuple[ScriptedBackend, BackendClient],
) -> None:
    server, client = scripted
    problem = {"type": "https://digispor.dk/problems/slot-taken", "status": 409, "detail": "taken"}
    server.script = [answers(problem, 409)]
    with pytest.raises(BackendRefused) as raised:
        await client.hold("c1", "s1", "key-2")
    assert raised.value.slug == "slot-taken"
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [401, 403, 408, 429])
async def test_an_answer_about_the_caller_is_no_refusal_of_the_request(
    scripted: tuple[ScriptedBackend, BackendClient], status: int
) -> None:
    server, client = scripted
    server.script = [answers({}, status), answers({}, status)]
    with pytest.raises(BackendUnavailable) as raised:
        await create(client)
    assert not raised.value.outcome_unknown


async def test_an_object_without_its_fields_is_an_unusable_answer(
    scripted: tuple[ScriptedBackend, BackendClient],
) -> None:
    server, client = scripted
    server.script = [answers({"hello": "world"})]
    with pytest.raises(BackendUnavailable):
        await create(client)


async def test_a_list_without_its_field_is_an_unusable_answer(
    scripted: tuple[ScriptedBackend, BackendClient],
) -> None:
    server, client = scripted
    server.script = [answers({"tracks": "none"})]
    with pytest.raises(BackendUnavailable):
        await client.tracks()


def away(attempts: Attempts) -> BackendClient:
    """A client of a backend that does not run."""
    return BackendClient(f"http://127.0.0.1:{unused_port()}", "secret", attempts, timeout_seconds=5)


async def test_a_backend_that_is_away_is_known_to_have_done_nothing(tmp_path: Path) -> None:
    client = away(Attempts(tmp_path / "attempts.db"))
    with pytest.raises(BackendUnavailable) as raised:
        await create(client)
    assert not raised.value.outcome_unknown
    assert not await client.is_ready()
    await client.close()


async def test_a_write_that_got_through_before_a_crash_is_not_said_to_have_failed_after_it(
    scripted: tuple[ScriptedBackend, BackendClient], tmp_path: Path
) -> None:
    server, client = scripted
    server.script = [answers(CITIZEN)]
    await create(client)
    # The turn is taken again, by another process, when the backend is away.
    later = away(Attempts(tmp_path / "attempts.db"))
    with pytest.raises(BackendUnavailable) as raised:
        await create(later)
    assert raised.value.outcome_unknown
    await later.close()


async def test_a_write_that_never_got_through_stays_known_not_to_have_happened(tmp_path: Path) -> None:
    client = away(Attempts(tmp_path / "attempts.db"))
    for _ in range(2):
        with pytest.raises(BackendUnavailable) as raised:
            await create(client)
        assert not raised.value.outcome_unknown
    await client.close()


async def test_nothing_is_said_not_to_have_happened_when_it_cannot_be_noted(tmp_path: Path) -> None:
    # A folder stands where the file should be.
    client = away(Attempts(tmp_path))
    with pytest.raises(BackendUnavailable) as raised:
        await create(client)
    assert raised.value.outcome_unknown
    await client.close()


def test_attempts_can_be_noted_again_after_a_disk_that_could_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "attempts.db"
    assert not Attempts(file).begin("another")
    attempts = Attempts(file)
    connect = sqlite3.connect
    with monkeypatch.context() as patched:
        # What SQLite does by itself with a file that it may not write; root may write every file.
        patched.setattr(sqlite3, "connect", lambda path: connect(f"file:{path}?mode=ro", uri=True))
        assert attempts.begin("first")
    assert not attempts.begin("second")


def test_attempts_hold_nothing_of_anybody_and_are_forgotten_after_some_days(tmp_path: Path) -> None:
    file = tmp_path / "attempts.db"
    assert not Attempts(file).begin("conversation-1:message-1:book")
    assert all(b"conversation-1" not in path.read_bytes() for path in tmp_path.iterdir())
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE attempts SET at = at - ?", (KEEP_SECONDS + 1,))
    assert not Attempts(file).begin("conversation-1:message-1:book")


async def test_readiness_follows_the_backend(scripted: tuple[ScriptedBackend, BackendClient]) -> None:
    server, client = scripted
    server.script = [answers({"status": "ok"}), answers({"status": "unavailable"}, 503)]
    assert await client.is_ready()
    assert not await client.is_ready()

"""Rasa as the channels meet it: an agent with its stores, a web server, and somebody who listens."""

import asyncio
import socket
from contextlib import asynccontextmanager
from pathlib import Path

import rasa
from aiohttp import web
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.run import configure_app
from rasa.core.tracker_store import SQLTrackerStore
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic

SMALL_ASSISTANT = Path(__file__).parent / "small_assistant"


def train_small_assistant(folder):
    """Trains a handful of rules and keywords, and gives the model's path."""
    result = rasa.train(
        domain=str(SMALL_ASSISTANT / "domain.yml"),
        config=str(SMALL_ASSISTANT / "config.yml"),
        training_files=[str(SMALL_ASSISTANT / "data.yml")],
        output=str(folder),
    )
    return result.model


def load_agent(model, database, event_broker=None):
    """An agent as after a restart: the same model and tracker store, and no memory."""
    return Agent.load(
        model,
        tracker_store=SQLTrackerStore(db=str(database), event_broker=event_broker),
        lock_store=InMemoryLockStore(),
        # Nobody answers on the discard port: the action server is down.
        action_endpoint=EndpointConfig("http://127.0.0.1:9/webhook"),
    )


def free_port():
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@asynccontextmanager
async def serving(agent, *channels, port=0):
    """Serves the channels as Rasa does, on a port or a free one, and gives the address."""
    # Several servers in one process, which is what Sanic calls testing.
    Sanic.test_mode = True
    app = configure_app(list(channels), enable_api=False)
    app.ctx.agent = agent
    tasks_before = asyncio.all_tasks()
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        server = await app.create_server(sock=listener, return_asyncio_server=True)
        await server.startup()
        await server.start_serving()
        await server.after_start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            await server.before_stop()
            server.close()
            await server.wait_closed()
            # Socket.IO leaves what serves a connection to end with its pings.
            left = asyncio.all_tasks() - tasks_before - {asyncio.current_task()}
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)


@asynccontextmanager
async def standing_in(*routes):
    """Serves routes in the backend's place, on a free port, and gives the address."""
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


class Listener(OutputChannel):
    """An output that remembers what was said."""

    def __init__(self, name="web"):
        self._name = name
        self.messages = []

    def name(self):
        return self._name

    @property
    def texts(self):
        return [message["text"] for message in self.messages]

    async def send_response(self, recipient_id, message):
        self.messages.append(dict(message))

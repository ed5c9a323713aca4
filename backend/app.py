"""The composition root: puts the rooms together as one aiohttp application."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import web

from backend import health, pages
from backend.access_log import log_access
from backend.api import (
    assessments,
    bookings,
    citizens,
    consultants,
    contact_wishes,
    conversations,
    events,
    handovers,
    holds,
    placements,
    rights,
    slots,
    tracks,
)
from backend.api.application import API_PREFIX, create_api
from backend.api.routes import Route
from backend.assessment.engine import AdaptiveEngine
from backend.assessment.item_bank import load_item_bank
from backend.audit.anchoring import AuditAnchoring
from backend.booking.opening_hours import OpeningHours
from backend.clock import Clock, utc_now
from backend.console import back_channel
from backend.console.application import CONSOLE_PREFIX, PROVIDER_ANSWER, create_console
from backend.console.sign_in_pace import SignInPace
from backend.db import Database
from backend.handover.delivery import DeskDelivery
from backend.handover.desk import Desk
from backend.handover.door import BotDoor
from backend.handover.pulses import SharedPulses
from backend.headers import add_headers
from backend.identity.provider import OpenIdProvider
from backend.keys import (
    CLOCK,
    DATABASE,
    DESK,
    ENGINE,
    ITEM_BANK,
    MUNICIPALITY,
    PACE,
    POLICY,
    PRIVACY,
    PROVIDER,
    PULSES,
    READERS,
    SETTINGS,
    SIGN_INS,
    WATCH,
)
from backend.live.readers import Readers
from backend.live.watch import ChangeWatch, Pace
from backend.municipality import load_municipality
from backend.operations import pages as operations_pages
from backend.outreach.gateway import SmsChannel, WebChannel
from backend.outreach.scheduler import OutreachScheduler
from backend.privacy import pages as privacy_pages
from backend.privacy.assistant import ChatReceipts, ErasureChannel, SmsNotes
from backend.privacy.worker import PrivacyWorker
from backend.retention.policy import Policy
from backend.retention.worker import RetentionWorker
from backend.settings import Settings
from throttling import Proxies

HERE = Path(__file__).parent

API_ROUTES: list[Route] = [
    *citizens.routes.all,
    *assessments.routes.all,
    *placements.routes.all,
    *tracks.routes.all,
    *consultants.routes.all,
    *slots.routes.all,
    *holds.routes.all,
    *bookings.routes.all,
    *events.routes.all,
    *conversations.routes.all,
    *contact_wishes.routes.all,
    *rights.routes.all,
    *handovers.routes.all,
]


def create_app(settings: Settings, clock: Clock = utc_now) -> web.Application:
    """The whole backend.

    Args:
        settings: What it is told from outside.
        clock: Where it takes the time from.
    """
    app = web.Application(middlewares=[log_access])
    app[SETTINGS] = settings
    app[CLOCK] = clock
    app[MUNICIPALITY] = load_municipality(settings.municipality_path)
    app[POLICY] = Policy.of(app[MUNICIPALITY], settings)
    app[ITEM_BANK] = load_item_bank()
    app[ENGINE] = AdaptiveEngine(app[ITEM_BANK], app[MUNICIPALITY].assessment)
    app.cleanup_ctx.append(_database)
    app.cleanup_ctx.append(_desk)
    app.cleanup_ctx.append(_outreach)
    app.cleanup_ctx.append(_privacy)
    app.cleanup_ctx.append(_retention)
    app.cleanup_ctx.append(_anchoring)
    app[PACE] = Pace()
    app[READERS] = Readers()
    app[SIGN_INS] = SignInPace(Proxies(settings.trusted_proxies))
    app.cleanup_ctx.append(_watching)
    app.on_shutdown.append(_end_streams)
    if settings.oidc_issuer:
        answer_address = settings.public_url.rstrip("/") + PROVIDER_ANSWER
        app[PROVIDER] = OpenIdProvider(settings, clock, answer_address)
        app.add_routes(back_channel.routes)
    app.on_response_prepare.append(add_headers)
    aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    app.add_subapp(API_PREFIX, create_api(API_ROUTES))
    app.add_subapp(CONSOLE_PREFIX, create_console())
    app.add_routes(health.routes)
    app.add_routes(operations_pages.routes)
    app.add_routes(pages.routes)
    app.add_routes(privacy_pages.routes)
    app.router.add_static("/static", HERE / "static")
    return app


async def _database(app: web.Application) -> AsyncIterator[None]:
    settings = app[SETTINGS]
    database = Database.of(settings)
    app[DATABASE] = database
    yield
    await database.dispose()


async def _desk(app: web.Application) -> AsyncIterator[None]:
    settings = app[SETTINGS]
    bot = BotDoor(settings.rasa_url, settings.service_token.newest)
    hours = OpeningHours.of(app[MUNICIPALITY])
    app[PULSES] = SharedPulses(app[DATABASE])
    app[DESK] = Desk(app[DATABASE], bot, hours, app[CLOCK])
    delivery = DeskDelivery(app[DATABASE], bot, hours, app[CLOCK], app[DESK].something_to_say)
    task = asyncio.create_task(delivery.run())
    yield
    delivery.stop()
    await task


async def _outreach(app: web.Application) -> AsyncIterator[None]:
    settings = app[SETTINGS]
    door = settings.rasa_url, settings.service_token.newest
    sms = SmsChannel(*door) if settings.sends_sms else None
    task = asyncio.create_task(OutreachScheduler(app[DATABASE], WebChannel(*door), sms, app[CLOCK]).run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _privacy(app: web.Application) -> AsyncIterator[None]:
    settings = app[SETTINGS]
    door = settings.rasa_url, settings.service_token.newest
    worker = app[PRIVACY] = PrivacyWorker(
        app[DATABASE],
        ErasureChannel(*door),
        ChatReceipts(*door),
        SmsNotes(*door) if settings.sends_sms else None,
        app[CLOCK],
        secret=settings.console_secret.newest,
        public_url=settings.public_url,
    )
    task = asyncio.create_task(worker.run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _retention(app: web.Application) -> AsyncIterator[None]:
    settings = app[SETTINGS]
    door = settings.rasa_url, settings.service_token.newest
    policy = app[POLICY]
    worker = RetentionWorker(app[DATABASE], settings, policy, ErasureChannel(*door), app[CLOCK])
    task = asyncio.create_task(worker.run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _anchoring(app: web.Application) -> AsyncIterator[None]:
    anchoring = AuditAnchoring(app[DATABASE], app[SETTINGS], app[CLOCK])
    task = asyncio.create_task(anchoring.run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    # What was noted since the latest round; a database that is gone is not waited for.
    with suppress(TimeoutError):
        async with asyncio.timeout(app[SETTINGS].write_wait_seconds):
            await anchoring.go_round()


async def _watching(app: web.Application) -> AsyncIterator[None]:
    watch = app[WATCH] = ChangeWatch(app[DATABASE], app[PACE])
    task = asyncio.create_task(watch.run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _end_streams(app: web.Application) -> None:
    # Before the server waits for its last requests: streams would keep it waiting.
    await app[WATCH].close()

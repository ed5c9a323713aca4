"""Sets up what is missing, in two lanes side by side: the bot, and backend with widget."""

from __future__ import annotations

import contextlib
import fcntl
from concurrent.futures import ThreadPoolExecutor
from typing import Callable, Iterator

from setup import danish_model, database, rasa_model, secrets_file, tools, widget
from setup.environments import BACKEND, BOT
from setup.layout import OIDC_PROVIDER, SETUP_LOCK, WIDGET
from setup.progress import Progress
from setup.settings import RunSettings

Lane = Callable[[], None]


def prepare(
    progress: Progress,
    *,
    train: bool = False,
    build_widget: bool = False,
    test: bool = False,
    settings: Callable[[], RunSettings] | None = None,
) -> None:
    """Sets up both environments and the Danish model, and on request more.

    Args:
        progress: Where the steps are shown.
        train: Also train the Rasa model.
        build_widget: Also fetch Node and build the widget.
        test: Also fetch what only the tests need; with the widget, because it needs Node.
        settings: Gives the settings of the database to set up; without it no secrets, database or demo data
            are made.

    Raises:
        SetupError: A step could not be done.
    """
    with _alone(progress):
        progress.step("uv", tools.ensure_uv)
        uv = tools.uv()

        def bot_lane() -> None:
            progress.step(BOT.title, lambda: BOT.ensure(uv))
            progress.step("Dansk sprogmodel", lambda: danish_model.ensure(uv))
            if train:
                progress.step("Rasa-model", rasa_model.ensure)

        def backend_lane() -> None:
            progress.step(BACKEND.title, lambda: BACKEND.ensure(uv))
            if settings:
                progress.step("Hemmeligheder i .env", secrets_file.ensure)
                resolved = settings()
                progress.step("Database", lambda: database.ensure(resolved))
            if build_widget:
                progress.step("Node", tools.ensure_node)
                progress.step("Widgettens pakker", lambda: widget.ensure_packages(WIDGET))
                progress.step("Widget", widget.ensure_built)
            if test:
                progress.step("Testenes login", lambda: widget.ensure_packages(OIDC_PROVIDER))

        _side_by_side(bot_lane, backend_lane)


def _side_by_side(*lanes: Lane) -> None:
    """Runs the lanes at the same time, all to their end, and then raises the first error."""
    with ThreadPoolExecutor(len(lanes)) as pool:
        running = [pool.submit(lane) for lane in lanes]
    for lane in running:
        lane.result()


@contextlib.contextmanager
def _alone(progress: Progress) -> Iterator[None]:
    """Keeps two set-ups of the same checkout from working on the same files."""
    SETUP_LOCK.parent.mkdir(parents=True, exist_ok=True)
    with SETUP_LOCK.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.say("… venter på en anden opsætning i samme mappe")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield

"""The command line behind the Makefile: `python3 -m setup run | test | ...`."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from functools import partial
from typing import Callable

from setup import (
    checks,
    commands,
    danish_model,
    install,
    processes,
    rasa_model,
    sbom,
    secrets_file,
    tests_runner,
    tools,
    upkeep,
)
from setup.environments import AUDIT, BACKEND, BOT, Environment
from setup.errors import SetupError
from setup.layout import ROOT
from setup.progress import Progress
from setup.settings import QUIET_RASA, RunSettings

INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    parser = argparse.ArgumentParser(prog="python3 -m setup")
    parser.add_argument("command", choices=sorted(COMMANDS))
    parser.add_argument("part", nargs="?", help="test: the path to run")
    chosen = parser.parse_args(arguments)
    for sent in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sent, _interrupt)
    try:
        return COMMANDS[chosen.command](chosen.part)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        commands.stop_all()
        return INTERRUPTED


def _run(_: str | None) -> int:
    processes.refuse_if_running()
    processes.refuse_taken_ports(_settings())
    with Progress() as progress:
        install.prepare(progress, train=True, build_widget=True, settings=_settings)
        try:
            processes.start_and_watch(_settings(), progress)
        except KeyboardInterrupt:
            progress.say("\nDigispor er stoppet.")
    return 0


def _test(part: str | None) -> int:
    with Progress() as progress:
        install.prepare(progress, train=True, build_widget=True, test=True)
    return tests_runner.run(part)


def _train(_: str | None) -> int:
    with Progress() as progress:
        install.prepare(progress, train=True)
    return 0


def _danish_model(_: str | None) -> int:
    with Progress() as progress:
        install.prepare(progress)
        progress.step("Officiel sprogmodel", danish_model.fetch_official)
        progress.step("Rasa-model", rasa_model.ensure)
    return 0


def _lint(_: str | None) -> int:
    with Progress() as progress:
        install.prepare(progress, build_widget=True)
    return checks.lint()


def _evaluate(_: str | None) -> int:
    return _measure(BOT, "benchmarks.evaluate")


def _cross_validate(_: str | None) -> int:
    return _measure(BOT, "benchmarks.cross_validation")


def _ablation(_: str | None) -> int:
    return _measure(BOT, "benchmarks.ablation", train=False)


def _evaluate_conversations(_: str | None) -> int:
    return _measure(BACKEND, "benchmarks.conversations")


def _bench(_: str | None) -> int:
    return _measure(BACKEND, "benchmarks.turns")


def _sms_demo(_: str | None) -> int:
    return _measure(BACKEND, "tests.sms_gateway")


def _bench_assessment(_: str | None) -> int:
    return _measure(BACKEND, "benchmarks.assessment", train=False)


def _bench_console(_: str | None) -> int:
    return _measure(BACKEND, "benchmarks.console", train=False)


def _bench_handover(_: str | None) -> int:
    return _measure(BACKEND, "benchmarks.handover")


def _describe(_: str | None) -> int:
    return _measure(BACKEND, "benchmarks.description", train=False)


def _chaos(_: str | None) -> int:
    return _measure(BACKEND, "benchmarks.faults")


def _calibrate(_: str | None) -> int:
    return _on_the_data("backend.calibration")


def _verify_audit(_: str | None) -> int:
    return _on_the_data("backend.audit")


def _reseal(_: str | None) -> int:
    return _on_the_data("backend.db", "reseal")


def _on_the_data(*command: str) -> int:
    with Progress() as progress:
        progress.step("uv", tools.ensure_uv)
        progress.step(BACKEND.title, lambda: BACKEND.ensure(tools.uv()))
        progress.step("Hemmeligheder i .env", secrets_file.ensure)
    return subprocess.run(
        [str(BACKEND.python), "-m", *command],
        cwd=str(ROOT),
        env=_settings().environment,
        check=False,
    ).returncode


def _measure(environment: Environment, module: str, *, train: bool = True) -> int:
    with Progress() as progress:
        install.prepare(progress, train=train)
    return subprocess.run(
        [str(environment.python), "-m", module],
        cwd=str(ROOT),
        env={**os.environ, **QUIET_RASA},
        check=False,
    ).returncode


def _stop(_: str | None) -> int:
    print(processes.stop(), flush=True)
    return 0


def _clean(_: str | None) -> int:
    processes.refuse_if_running()
    print(upkeep.clean(), flush=True)
    return 0


def _lock(_: str | None) -> int:
    with Progress() as progress:
        progress.step("uv", tools.ensure_uv)
        progress.step("Pakkernes versioner", lambda: upkeep.lock(tools.uv()))
    return 0


def _audit(_: str | None) -> int:
    with Progress() as progress:
        progress.step("uv", tools.ensure_uv)
        progress.step(AUDIT.title, lambda: AUDIT.ensure(tools.uv()))
        progress.step("Node", tools.ensure_node)
    return subprocess.run([str(AUDIT.python), "-m", "setup.audit"], cwd=str(ROOT), check=False).returncode


def _sbom(_: str | None) -> int:
    with Progress() as progress:
        install.prepare(progress, build_widget=True)
        progress.step(AUDIT.title, lambda: AUDIT.ensure(tools.uv()))
        for part in sbom.PARTS:
            progress.step(f"Indhold af {part}", partial(sbom.write, part))
    return 0


def _settings() -> RunSettings:
    return RunSettings.resolve(os.environ, secrets_file.read())


def _interrupt(*_: object) -> None:
    """Makes being told to end the same as Ctrl-C."""
    raise KeyboardInterrupt


COMMANDS: dict[str, Callable[[str | None], int]] = {
    "run": _run,
    "test": _test,
    "train": _train,
    "danish-model": _danish_model,
    "evaluate": _evaluate,
    "cross-validate": _cross_validate,
    "ablation": _ablation,
    "evaluate-conversations": _evaluate_conversations,
    "bench": _bench,
    "bench-assessment": _bench_assessment,
    "bench-console": _bench_console,
    "bench-handover": _bench_handover,
    "describe": _describe,
    "chaos": _chaos,
    "calibrate": _calibrate,
    "verify-audit": _verify_audit,
    "reseal": _reseal,
    "lint": _lint,
    "sms-demo": _sms_demo,
    "stop": _stop,
    "clean": _clean,
    "lock": _lock,
    "audit": _audit,
    "sbom": _sbom,
}

if __name__ == "__main__":
    sys.exit(main())

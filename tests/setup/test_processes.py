import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from setup import processes, run_record
from setup.errors import SetupError
from setup.run_record import RunRecord
from setup.settings import RunSettings


def logged(process: str, message: str, **more: str) -> str:
    return json.dumps(
        {"time": "2026-11-28T10:00:00.000+00:00", "process": process, "message": message, **more}
    )


LOG = "\n".join(
    [
        logged("system", "rasa.1 started (pid=11)"),
        logged("system", "actions.1 started (pid=12)"),
        logged("rasa", "Loading model"),
        logged("actions", "It failed", exception="Traceback:\nRuntimeError: DIGISPOR_SERVICE_TOKEN mangler."),
        logged("system", "actions.1 stopped (rc=1)"),
        logged("system", "sending SIGTERM to rasa.1 (pid 11)"),
        logged("system", "rasa.1 stopped (rc=-15)"),
    ]
)


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-c", "print('up', flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout
    process.stdout.readline()
    yield process
    process.kill()
    process.wait()


def settings_with_ports(*ports: int) -> RunSettings:
    names = ("DIGISPOR_BACKEND_PORT", "DIGISPOR_RASA_PORT", "DIGISPOR_ACTIONS_PORT")
    return RunSettings.resolve({name: str(port) for name, port in zip(names, ports, strict=True)}, {})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_process_that_ended_first_is_named_with_its_last_words() -> None:
    ended = processes.ended_first(LOG)
    assert ended
    name, code, said = ended
    assert (name, code) == ("actions", "1")
    assert "RuntimeError: DIGISPOR_SERVICE_TOKEN mangler." in said
    assert "Loading model" not in said


def test_no_process_is_blamed_while_all_run() -> None:
    assert processes.ended_first(LOG.split("actions.1 stopped")[0].rpartition("\n")[0]) is None


def test_a_taken_port_is_named_with_its_setting() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(SetupError, match=f"Port {taken} til Rasa .*DIGISPOR_RASA_PORT"):
            processes.refuse_taken_ports(settings_with_ports(free_port(), taken, free_port()))


def test_free_ports_are_taken_as_they_are() -> None:
    processes.refuse_taken_ports(settings_with_ports(free_port(), free_port(), free_port()))


def test_a_record_knows_its_processes_while_they_live(
    tmp_path: Path, sleeper: subprocess.Popen[bytes]
) -> None:
    record_file = tmp_path / "running.json"
    RunRecord.of(os.getpid(), [sleeper.pid]).write(record_file)
    record = RunRecord.read(record_file)
    assert record
    assert record.alive() == [os.getpid(), sleeper.pid]
    assert record.supervisor_runs()
    os.killpg(sleeper.pid, signal.SIGKILL)
    sleeper.wait()
    assert record.alive() == [os.getpid()]


def test_a_process_id_given_to_another_program_is_left_alone(sleeper: subprocess.Popen[bytes]) -> None:
    record = RunRecord(sleeper.pid, {str(sleeper.pid): "python3 -m setup run"})
    assert record.alive() == []
    assert not record.supervisor_runs()


def test_the_command_line_is_read_without_proc_too(
    sleeper: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_record, "answer", lambda arguments: " ".join(arguments))
    monkeypatch.setattr(Path, "read_bytes", lambda _: (_ for _ in ()).throw(FileNotFoundError()))
    assert run_record.command_of(sleeper.pid) == f"ps -o command= -p {sleeper.pid}"


def test_a_forgotten_record_is_gone_and_can_be_forgotten_again(tmp_path: Path) -> None:
    record_file = tmp_path / "running.json"
    RunRecord(1).write(record_file)
    RunRecord.forget(record_file)
    RunRecord.forget(record_file)
    assert RunRecord.read(record_file) is None

import json
from datetime import datetime

from honcho.printer import Message

from setup.launcher import JsonLines


def printed(capsys, said, name="rasa.1"):
    JsonLines().write(Message("line", said, datetime(2026, 11, 28, 10, 0), name, None))
    return capsys.readouterr().out.splitlines()


def test_a_log_line_passes_as_it_is(capsys):
    line = '{"time": "2026-11-28T09:00:00.000+00:00", "process": "rasa", "message": "Loading"}'
    assert printed(capsys, line.encode() + b"\n") == [line]


def test_what_a_process_prints_beside_its_log_becomes_lines_of_its_own(capsys):
    told = [json.loads(line) for line in printed(capsys, b"Traceback:\nRuntimeError: \xff {\n")]
    assert [(one["process"], one["message"]) for one in told] == [
        ("rasa", "Traceback:"),
        ("rasa", "RuntimeError: \ufffd {"),
    ]


def test_what_starts_the_processes_is_named_too(capsys):
    [told] = map(json.loads, printed(capsys, "rasa.1 started (pid=11)\n", name="system"))
    assert (told["process"], told["message"]) == ("system", "rasa.1 started (pid=11)")


def test_a_number_that_is_printed_is_not_kept(capsys):
    [line] = printed(capsys, b"ValueError: 20 12 34 56\n")
    assert "20 12 34 56" not in line

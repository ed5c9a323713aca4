import json
import logging
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observability.correlation import correlated
from observability.logs import JsonFormatter, cleaned

DRAWN = "3f2b8c1d" * 4


def line(message, *arguments, **more):
    record = logging.LogRecord(
        "bot.test", logging.WARNING, __file__, 1, message, arguments, more.pop("exc", None)
    )
    record.__dict__.update(more)
    return JsonFormatter("rasa").format(record)


def test_a_line_is_one_object_that_says_when_where_how_bad_and_what():
    with correlated(DRAWN):
        told = json.loads(line("Waits %d s", 3, fields={"channel": "sms"}))
    assert told.pop("time").endswith("+00:00")
    assert told == {
        "level": "warning",
        "process": "rasa",
        "logger": "bot.test",
        "message": "Waits 3 s",
        "correlation_id": DRAWN,
        "channel": "sms",
    }


def test_outside_a_message_there_is_no_id():
    assert "correlation_id" not in json.loads(line("Started"))


def test_an_exception_is_part_of_its_line():
    try:
        raise RuntimeError("over\nto linjer")
    except RuntimeError:
        text = line("It failed", exc=sys.exc_info())
    assert "\n" not in text
    assert "RuntimeError: over\nto linjer" in json.loads(text)["exception"]


@given(st.text())
def test_whatever_is_logged_stays_on_one_line(text):
    assert "\n" not in line("%s", text)


@pytest.mark.parametrize(
    "number",
    [
        "20123456",
        "20 12 34 56",
        "2012 3456",
        "+45 20 12 34 56",
        "+4520123456",
        "+298123456",
        "010190-1234",
        "0101901234",
    ],
)
def test_a_number_that_identifies_somebody_is_not_logged(number):
    told = line("Ring til %s i dag", number, fields={"about": f"tlf. {number}"})
    assert number not in told
    assert "fjernet" in told


def test_numbers_in_an_exception_are_not_logged():
    try:
        raise RuntimeError("ukendt: 20 12 34 56")
    except RuntimeError:
        assert "20 12 34 56" not in line("It failed", exc=sys.exc_info())


@pytest.mark.parametrize(("reads", "kind"), [(int, "ValueError"), ({}.__getitem__, "KeyError")])
def test_an_exception_that_quotes_what_somebody_wrote_tells_where_and_not_what(reads, kind):
    words = " ".join(["jeg", "hedder", "Mette"])
    try:
        try:
            reads(words)
        except Exception as error:
            raise RuntimeError("It could not be read") from error
    except RuntimeError:
        told = json.loads(line("It failed", exc=sys.exc_info()))["exception"]
    assert told.startswith("RuntimeError: It could not be read\n")
    assert f"\n{kind}\n" in told
    assert "reads(words)" in told
    assert "Mette" not in told


def test_an_exception_that_is_its_own_cause_is_told_once():
    error = RuntimeError("rundt")
    error.__cause__ = error
    told = json.loads(line("It failed", exc=(RuntimeError, error, None)))
    assert told["exception"] == "RuntimeError: rundt\nTraceback:\n"


@pytest.mark.parametrize(
    "harmless",
    [
        "Port 8080 på 127.0.0.1",
        "conversation 20123456-1234-4123-8123-201234567890",
        "event 2012345620123456201234562012345620123456201234562012345620123456",
        "w-20123456201234562012345620123456",
        "waits 300 s, 12 events, at 08:30:00",
        'File "bot/x.py", line 1234, in take',
    ],
)
def test_what_operations_need_to_read_stays(harmless):
    assert cleaned(harmless) == harmless


def test_a_token_is_not_logged():
    assert "hemmeligt" not in cleaned("headers: {'Authorization': 'Bearer hemmeligt-token'}")


def test_what_a_database_repeats_of_a_refused_row_is_not_logged():
    refused = (
        "(sqlite3.OperationalError) database is locked\n[SQL: INSERT INTO events VALUES (?, ?)]\n"
        "[parameters: ('user', 'jeg hedder Mette [og mere]')]\n(Background on this error at: https://sqlalche.me/e/14/e3q8)"
    )
    told = cleaned(refused)
    assert "Mette" not in told
    assert "INSERT INTO events" in told
    assert "Background" in told


def test_debug_lines_and_warnings_to_developers_are_not_written_and_deaf_loggers_are_heard():
    # In a process of its own, as it changes the whole process's logging.
    program = (
        "import logging, warnings, observability.logs as logs; logs.configure_logging('rasa');"
        "warnings.simplefilter('always'); warnings.warn('an old name');"
        "logging.getLogger('rasa').setLevel('DEBUG'); logging.getLogger('rasa').debug('jeg hedder Mette');"
        "deaf = logging.getLogger('sanic.error'); deaf.propagate = False; deaf.error('A request failed')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert [json.loads(one)["message"] for one in done.stderr.splitlines()] == ["A request failed"]

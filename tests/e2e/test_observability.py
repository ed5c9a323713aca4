"""What whoever is called at night can see: one message in every log, nothing personal, and true figures."""

import json
import re
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from benchmarks.house import ACTIONS, BACKEND, RASA, ROOT, House
from benchmarks.rest_citizen import TIMEOUT_SECONDS, rows

ALERTS = ROOT / "deploy/prometheus/alerts.yml"
PROCESSES = (RASA, ACTIONS, BACKEND)
NAME, PHONE, CPR = "Valborg Quistgaard", "28 93 40 17", "241190-4321"
SAID = (
    f"Jeg hedder {NAME}, ring til mig på {PHONE}",
    f"mit cpr er {CPR}",
    "min nabo Ragnhild skælder ud over gyngestolen",
)
ARRIVAL_SECONDS = 20


def call(url: str, body: object = None, token: str = "") -> tuple[int, str]:
    """Asks one of the processes."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    data = None if body is None else json.dumps(body).encode()
    try:
        request = urllib.request.Request(url, data, headers)
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def say(house: House, sender: str, text: str) -> str:
    """Says something as the widget does, under an id of its own, and gives the id."""
    message_id = f"w-{secrets.token_hex(16)}"
    body = {"sender": sender, "message": text, "message_id": message_id}
    status, answer = call(
        f"{house.chat_url}/webhooks/rest/webhook", body, house.secrets["DIGISPOR_REST_TOKEN"]
    )
    assert status == 200, answer
    return message_id


def address(house: House, process: str, path: str) -> str:
    return f"http://127.0.0.1:{house.ports[process]}{path}"


def scrape(house: House, *processes: str) -> dict[str, list[Sample]]:
    """The samples of processes, by the names that a rule calls them by."""
    samples: dict[str, list[Sample]] = {}
    for process in processes:
        for family in text_string_to_metric_families(_metrics(house, process)):
            for sample in family.samples:
                samples.setdefault(sample.name, []).append(sample)
    return samples


def _metrics(house: House, process: str) -> str:
    status, text = call(address(house, process, "/metrics"), token=house.secrets["DIGISPOR_METRICS_TOKEN"])
    assert status == 200
    return text


def lines(house: House, process: str) -> Iterator[dict[str, Any]]:
    """Log lines of a process; what it prints before it can log is none of them."""
    for line in house.log(process).splitlines():
        if line.startswith("{"):
            yield json.loads(line)


@pytest.fixture(scope="module")
def sender(house: House) -> str:
    """A conversation in which much has been said, some of it while the action server was away."""
    sender = secrets.token_hex(16)
    for text in SAID:
        say(house, sender, text)
    house.kill(ACTIONS)
    say(house, sender, f"bestil en tid til {NAME}")
    # Nothing but an action could answer this.
    say(house, secrets.token_hex(16), "jeg vil gerne starte selvvurderingen")
    house.start(ACTIONS)
    return sender


def test_a_message_is_found_in_every_log_and_in_the_database_by_one_id(house: House, sender: str) -> None:
    message_id = say(house, sender, "jeg vil gerne starte selvvurderingen")
    for process in PROCESSES:
        found = [line for line in lines(house, process) if line.get("correlation_id") == message_id]
        assert found, f"nothing in the log of {process}"
        assert {line["process"] for line in found} == {process}
    written = rows(house, "SELECT key FROM idempotency_keys WHERE correlation_id = ?", message_id)
    assert written
    deadline = time.monotonic() + ARRIVAL_SECONDS
    turn: list[dict[str, Any]] = []
    while not turn and time.monotonic() < deadline:
        time.sleep(0.2)
        turn = rows(house, "SELECT text FROM conversation_turns WHERE message_id = ?", message_id)
    assert [row["text"] for row in turn] == ["jeg vil gerne starte selvvurderingen"]


@pytest.mark.parametrize("process", PROCESSES)
def test_every_line_of_a_log_is_whole(house: House, sender: str, process: str) -> None:
    logged = list(lines(house, process))
    assert logged
    for line in logged:
        assert {"time", "level", "process", "logger", "message"} <= set(line)
        assert line["time"].endswith("+00:00")


@pytest.mark.parametrize("process", PROCESSES)
def test_nothing_that_a_citizen_typed_is_in_a_log(house: House, sender: str, process: str) -> None:
    log = house.log(process)
    told = [*SAID, NAME, PHONE, PHONE.replace(" ", ""), CPR, CPR.replace("-", ""), "Valborg", "gyngestolen"]
    assert [text for text in told if text in log] == []
    assert [name for name, secret in house.secrets.items() if secret in log] == []


@pytest.mark.parametrize("process", PROCESSES)
def test_the_metrics_of_every_process_are_read_with_the_token_alone(house: House, process: str) -> None:
    assert call(address(house, process, "/metrics"))[0] == 401
    assert "digispor_disk_free_bytes" in scrape(house, process)


def test_what_is_counted_is_what_happened(house: House, sender: str) -> None:
    turns = scrape(house, RASA)["digispor_turn_seconds_count"]
    counted = {(turn.labels["channel"], turn.labels["outcome"]): turn.value for turn in turns}
    assert counted["rest", "answered"] >= len(SAID)
    assert counted["rest", "apologised"] >= 1
    assert "digispor_action_seconds_count" in scrape(house, ACTIONS)
    assert "digispor_http_request_seconds_count" in scrape(house, BACKEND)


def test_alarms_ask_only_for_what_there_is_and_say_what_to_do(house: House, sender: str) -> None:
    rules = [rule for group in yaml.safe_load(ALERTS.read_text("utf-8"))["groups"] for rule in group["rules"]]
    samples = scrape(house, *PROCESSES)
    operations = (ROOT / "docs/operations.md").read_text("utf-8")
    assert rules
    for rule in rules:
        used = set(re.findall(r"\bdigispor_\w+", rule["expr"]))
        assert used <= set(samples), rule["alert"]
        for metric, label, value in re.findall(r'\b(digispor_\w+)\{(\w+)="([^"]+)"', rule["expr"]):
            assert value in {sample.labels.get(label) for sample in samples[metric]}, rule["alert"]
        assert rule["annotations"]["summary"]
        assert f"| `{rule['alert']}` |" in operations


@pytest.mark.parametrize("process", PROCESSES)
def test_each_process_is_live_and_ready(house: House, process: str) -> None:
    assert call(address(house, process, "/health/live"))[0] == 200
    status, body = call(address(house, process, "/health/ready"))
    assert (status, json.loads(body)["status"]) == (200, "ok"), body


def test_ready_tells_which_part_is_away(house: House, sender: str) -> None:
    house.kill(BACKEND)
    status, body = call(address(house, ACTIONS, "/health/ready"))
    assert (status, json.loads(body)["backend"]) == (503, "unavailable")
    house.kill(ACTIONS)
    status, body = call(address(house, RASA, "/health/ready"))
    assert (status, json.loads(body)["actions"]) == (503, "unavailable")
    assert json.loads(body)["model"] == "ok"
    house.start(BACKEND, ACTIONS)

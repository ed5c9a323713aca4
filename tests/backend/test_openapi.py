import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from openapi_spec_validator import validate

from backend import demo
from backend.clock import utc_now
from backend.db import ContactKeys, Database
from backend.settings import PROJECT_ROOT

HOOKS = "tests.backend.schemathesis_hooks"


async def test_the_document_is_public_and_valid_openapi_3_1(client):
    document = await (await client.get("/api/v1/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    validate(document)


async def test_every_write_names_its_idempotency_key_and_every_route_its_refusals(client):
    document = await (await client.get("/api/v1/openapi.json")).json()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            headers = {p["name"] for p in operation["parameters"] if p["in"] == "header"}
            idempotent_by_itself = path in (
                "/events",
                "/erasures/{number}/rows",
                "/conversations/{conversation_id}/typing",
            )
            assert ("Idempotency-Key" in headers) == (method != "get" and not idempotent_by_itself), path
            assert operation["summary"], path
            assert "503" in operation["responses"], path


@pytest.fixture
def settings(settings, tmp_path):
    """With a phone number that exists: schemathesis sends back what it has read."""
    municipality = yaml.safe_load(settings.municipality_path.read_text("utf-8"))
    path = tmp_path / "municipality.yml"
    path.write_text(yaml.safe_dump(municipality | {"phone": "20 12 34 56"}), "utf-8")
    return settings.model_copy(update={"municipality": path})


@pytest.fixture
async def demo_data(settings):
    """The demo municipality, so that there are times to hold and book."""
    database = Database.from_url(
        settings.resolved_database_url, write_wait_seconds=5, keys=ContactKeys.of(settings)
    )
    await demo.seed(database, settings, utc_now())
    await database.dispose()


def test_no_generated_request_breaks_the_contract(demo_data, running_backend, tmp_path):
    """Schemathesis makes requests from the document, right and wrong ones, alone and in sequence."""
    report = tmp_path / "report.json"
    finished = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"),
            "run",
            f"{running_backend.url}/api/v1/openapi.json",
            "--max-examples=12",
            "--seed=1",
            "--no-color",
            "--report=json",
            f"--report-json-path={report}",
        ],
        env=os.environ
        | {
            "SCHEMATHESIS_HOOKS": HOOKS,
            "PYTHONPATH": str(PROJECT_ROOT),
            "DIGISPOR_TEST_TOKEN": running_backend.token,
        },
        # It keeps notes about its run where it stands.
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout[-8000:] + finished.stderr[-2000:]
    assert json.loads(report.read_text("utf-8"))
    assert running_backend.internal_errors() == []

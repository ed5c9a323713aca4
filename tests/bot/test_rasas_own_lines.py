"""What Rasa writes about itself goes through our lines, without what citizens say."""

import json
import os
import subprocess
import sys

from tests.bot.test_domain import ROOT

PROGRAM = """
import sys, logging
import rasa.__main__, rasa.cli.run, structlog
from bot.__main__ import main

def instead_of_a_server(_):
    lines = structlog.get_logger("rasa.core.test")
    lines.warning("rasa.core.event", event_info="A sentence of Rasa's", user_text="jeg hedder Mette")
    lines.info("rasa.core.other", rasa_events=["jeg hedder Mette"])
    lines.debug("rasa.core.debug", text="jeg hedder Mette")
    try:
        raise OSError("gik galt")
    except OSError:
        lines.exception("rasa.core.failed", json_message="jeg hedder Mette")
    logging.getLogger("rasa.core.processor").debug("Received user message 'jeg hedder Mette'")

rasa.cli.run.run = instead_of_a_server
sys.argv = ["rasa", "run", "--debug"]
main()
"""


STORES = """
import sys
import rasa.__main__, rasa.cli.run
from bot.__main__ import main

def instead_of_a_server(_):
    open("rasa.db", "w").close()

rasa.cli.run.run = instead_of_a_server
sys.argv = ["rasa", "run"]
main()
"""


def test_nobody_else_on_the_machine_reads_what_rasa_stores(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    program = [sys.executable, "-W", "ignore", "-c", STORES]
    subprocess.run(program, cwd=tmp_path, env=environment, check=True, umask=0o022)
    assert (tmp_path / "rasa.db").stat().st_mode & 0o777 == 0o600


def test_rasas_lines_hold_the_event_and_never_its_fields():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert "Mette" not in done.stdout + done.stderr
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    told = {line["message"]: line for line in lines if line["logger"] == "rasa.core.test"}
    assert list(told) == ["A sentence of Rasa's", "rasa.core.other", "rasa.core.failed"]
    assert "OSError: gik galt" in told["rasa.core.failed"]["exception"]

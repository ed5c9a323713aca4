import stat
from pathlib import Path

import pytest
from honcho.environ import parse

from setup import secrets_file


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def test_a_first_set_up_makes_a_different_secret_for_every_name(env_file: Path) -> None:
    assert secrets_file.ensure(env_file) == "lavet"
    made = secrets_file.read(env_file)
    assert set(made) == set(secrets_file.GENERATED)
    assert len(set(made.values())) == len(made)
    assert all(len(value) >= 12 for value in made.values())


def test_only_the_owner_can_read_it(env_file: Path) -> None:
    env_file.write_text("DIGISPOR_SERVICE_TOKEN=mine\n", "utf-8")
    env_file.chmod(0o644)
    secrets_file.ensure(env_file)
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600


def test_a_second_set_up_changes_nothing(env_file: Path) -> None:
    secrets_file.ensure(env_file)
    before = env_file.read_bytes()
    assert secrets_file.ensure(env_file) == "på plads"
    assert env_file.read_bytes() == before


def test_what_a_person_wrote_is_kept_and_only_what_is_missing_is_added(env_file: Path) -> None:
    written = "# mit\nDIGISPOR_SERVICE_TOKEN='valgt af mig'\nANDET=1"
    env_file.write_text(written, "utf-8")
    assert "DIGISPOR_SIGNING_KEY" in secrets_file.ensure(env_file)
    assert env_file.read_text("utf-8").startswith(written + "\n")
    values = secrets_file.read(env_file)
    assert values["DIGISPOR_SERVICE_TOKEN"] == "valgt af mig"
    assert values["ANDET"] == "1"
    assert set(secrets_file.GENERATED) < set(values)


def test_an_empty_secret_counts_as_missing(env_file: Path) -> None:
    env_file.write_text("DIGISPOR_SERVICE_TOKEN=\n", "utf-8")
    secrets_file.ensure(env_file)
    assert secrets_file.read(env_file)["DIGISPOR_SERVICE_TOKEN"]


def test_honcho_reads_the_file_as_setup_does(env_file: Path) -> None:
    env_file.write_text(
        '# en kommentar\nDIGISPOR_DATA_DIR="data her"\nDIGISPOR_CHAT_URL=http://a/?b=c\n', "utf-8"
    )
    secrets_file.ensure(env_file)
    assert secrets_file.read(env_file) == dict(parse(env_file.read_text("utf-8")))


def test_no_file_means_no_settings(env_file: Path) -> None:
    assert secrets_file.read(env_file) == {}

import pytest

from setup.errors import SetupError
from setup.layout import ROOT
from setup.settings import RunSettings


def test_addresses_follow_the_ports() -> None:
    settings = RunSettings.resolve(
        {"DIGISPOR_BACKEND_PORT": "9001", "DIGISPOR_RASA_PORT": "9002", "DIGISPOR_ACTIONS_PORT": "9003"}, {}
    )
    assert settings["DIGISPOR_BACKEND_URL"] == "http://127.0.0.1:9001"
    assert settings["DIGISPOR_PUBLIC_URL"] == "http://localhost:9001"
    assert settings["DIGISPOR_CHAT_URL"] == "http://localhost:9002"
    assert settings["DIGISPOR_ACTIONS_URL"] == "http://127.0.0.1:9003/webhook"
    assert settings["DIGISPOR_CORS_ORIGINS"] == "http://localhost:9001,http://127.0.0.1:9001"


def test_without_settings_the_documented_ports_are_used() -> None:
    settings = RunSettings.resolve({}, {})
    ports = [settings.port(f"DIGISPOR_{name}_PORT") for name in ("BACKEND", "RASA", "ACTIONS")]
    assert ports == [8080, 5005, 5055]
    assert settings.data_dir == ROOT / "var"


def test_the_environment_goes_before_the_file_and_the_file_before_defaults() -> None:
    settings = RunSettings.resolve(
        {"DIGISPOR_DATA_DIR": "/srv/digispor"},
        {"DIGISPOR_DATA_DIR": "andet", "DIGISPOR_PUBLIC_URL": "https://kommune.example"},
    )
    assert str(settings.data_dir) == "/srv/digispor"
    assert settings["DIGISPOR_PUBLIC_URL"] == "https://kommune.example"


def test_the_processes_keep_the_rest_of_the_environment() -> None:
    assert RunSettings.resolve({"PATH": "/usr/bin"}, {})["PATH"] == "/usr/bin"


def test_rasa_sends_no_usage_figures() -> None:
    assert RunSettings.resolve({}, {})["RASA_TELEMETRY_ENABLED"] == "false"


@pytest.mark.parametrize("port", ["", "abc", "0", "65536", "-1", "80.5"])
def test_a_port_that_is_none_is_refused_by_name(port: str) -> None:
    with pytest.raises(SetupError, match="DIGISPOR_RASA_PORT"):
        RunSettings.resolve({"DIGISPOR_RASA_PORT": port}, {})

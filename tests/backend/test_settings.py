import pytest
from pydantic import ValidationError

from backend.municipality import load_municipality
from backend.settings import PROJECT_ROOT, Settings, load_settings

SECRETS = {
    "service_token": "s" * 16,
    "signing_key": "k" * 16,
    "console_secret": "c" * 16,
    "contact_key": "n" * 32,
}


def test_without_its_secrets_a_backend_does_not_start(monkeypatch):
    monkeypatch.delenv("DIGISPOR_SERVICE_TOKEN", raising=False)
    with pytest.raises(SystemExit, match="DIGISPOR_SERVICE_TOKEN"):
        load_settings(_env_file=None)


def test_a_short_secret_is_refused_without_being_shown():
    with pytest.raises(SystemExit) as refusal:
        load_settings(_env_file=None, **SECRETS | {"signing_key": "tooshort"})
    assert "DIGISPOR_SIGNING_KEY" in str(refusal.value)
    assert "tooshort" not in str(refusal.value)


def test_secrets_do_not_show_when_settings_are_printed():
    assert "ssss" not in repr(Settings(_env_file=None, **SECRETS))


PROVIDER = {
    "oidc_issuer": "https://login.kommune.example",
    "oidc_client_id": "digispor",
    "oidc_client_secret": "s",
}


def test_a_providers_secret_is_given_itself_or_in_a_file(tmp_path):
    (tmp_path / "secret").write_text("from a file\n", "utf-8")
    in_a_file = {"oidc_client_secret": "", "oidc_client_secret_file": tmp_path / "secret"}
    assert Settings(_env_file=None, **SECRETS, **PROVIDER).oidc_secret == "s"
    assert Settings(_env_file=None, **SECRETS, **PROVIDER | in_a_file).oidc_secret == "from a file"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"oidc_issuer": "http://login.kommune.example"}, "DIGISPOR_OIDC_ISSUER"),
        ({"oidc_client_id": ""}, "DIGISPOR_OIDC_CLIENT_ID"),
        ({"oidc_client_secret": ""}, "DIGISPOR_OIDC_CLIENT_SECRET"),
        ({"oidc_client_secret_file": "no/such/file"}, "DIGISPOR_OIDC_CLIENT_SECRET_FILE"),
        ({"oidc_scopes": "profile"}, "DIGISPOR_OIDC_SCOPES"),
        ({"oidc_issuer": "", "local_sign_in": False}, "DIGISPOR_LOCAL_SIGN_IN"),
    ],
)
def test_a_provider_that_nobody_could_sign_in_at_is_refused(changed, named):
    with pytest.raises(SystemExit, match=named):
        load_settings(_env_file=None, **SECRETS, **PROVIDER | changed)


def test_the_database_is_a_file_in_the_data_directory_unless_told_otherwise(tmp_path):
    embedded = Settings(_env_file=None, data_dir=tmp_path, database_url="", **SECRETS)
    elsewhere = Settings(_env_file=None, database_url="postgresql+asyncpg://db/digispor", **SECRETS)
    assert embedded.resolved_database_url == f"sqlite+aiosqlite:///{tmp_path}/digispor.db"
    assert elsewhere.resolved_database_url == "postgresql+asyncpg://db/digispor"


def test_the_municipality_file_that_comes_with_the_project_is_complete():
    municipality = load_municipality(PROJECT_ROOT / "municipality.yml")
    assert municipality.opening_hours
    assert municipality.phone_link == f"tel:+45{municipality.phone.replace(' ', '')}"


@pytest.mark.parametrize(
    ("line", "reason"),
    [("phone: ''", "phone"), ("opening_hours: {mon: ['15:00', '09:00']}", "opening_hours.mon")],
)
def test_a_municipality_file_with_a_fault_is_refused(tmp_path, line, reason):
    text = (PROJECT_ROOT / "municipality.yml").read_text("utf-8")
    faulty = tmp_path / "municipality.yml"
    # YAML takes the last of two equal keys.
    faulty.write_text(f"{text}\n{line}\n", "utf-8")
    with pytest.raises(ValidationError, match=reason):
        load_municipality(faulty)


def test_a_secret_may_be_several_and_the_newest_stands_first():
    told = Settings(_env_file=None, **SECRETS | {"signing_key": f"{'n' * 16}, {'k' * 16},"})
    assert told.signing_key.newest == "n" * 16
    assert told.signing_key.accepted == ("n" * 16, "k" * 16)


def test_each_of_several_must_be_long_enough():
    with pytest.raises(SystemExit, match="DIGISPOR_SIGNING_KEY: must have at least 16 characters"):
        load_settings(_env_file=None, **SECRETS | {"signing_key": f"{'n' * 16},short"})


@pytest.mark.parametrize("key", ["", ",", "n" * 31, f"{'n' * 32},short"])
def test_without_a_key_for_names_and_numbers_nothing_starts(key):
    with pytest.raises(SystemExit, match="DIGISPOR_CONTACT_KEY: needs at least 32"):
        load_settings(_env_file=None, **SECRETS | {"contact_key": key})


@pytest.mark.parametrize("between", [",", "\n", "\n\n", " , "])
def test_the_keys_for_names_and_numbers_may_stand_in_a_file(tmp_path, between):
    file = tmp_path / "keys"
    file.write_text(f"{'n' * 32}{between}{'o' * 32}\n", "utf-8")
    told = Settings(_env_file=None, **SECRETS | {"contact_key": "", "contact_key_file": str(file)})
    assert told.contact_secrets == ("n" * 32, "o" * 32)


def test_a_file_of_keys_that_is_not_there_is_named():
    with pytest.raises(SystemExit, match="DIGISPOR_CONTACT_KEY_FILE: No such file"):
        load_settings(_env_file=None, **SECRETS, contact_key_file="no/such/file")

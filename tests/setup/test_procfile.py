from setup.layout import ROOT


def test_rasa_listens_on_loopback_without_its_http_api() -> None:
    lines = (ROOT / "Procfile").read_text("utf-8").splitlines()
    (rasa,) = [line for line in lines if line.startswith("rasa:")]
    assert "--interface 127.0.0.1 " in rasa
    for opening in ("--enable-api", "--cors", "--auth-token", "--debug", "0.0.0.0"):
        assert opening not in rasa

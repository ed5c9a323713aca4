"""The command that shows what the backend would not take, and sends it again."""

import pytest

from bot.events.__main__ import main
from bot.events.spool import Spool, SpooledEvent


@pytest.fixture
def spool(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGISPOR_DATA_DIR", str(tmp_path))
    return Spool(tmp_path / "events.db")


@pytest.fixture
def refused(spool):
    """Two events that were set aside, and one that waits."""
    events = [
        SpooledEvent.of({"sender_id": f"c{n}", "event": "user", "text": "min hemmelighed", "timestamp": n})
        for n in range(3)
    ]
    spool.append(events)
    for event in events[:2]:
        spool.set_aside(event, "HTTP 422")
    return events[:2]


def test_the_list_names_each_event_but_not_what_was_said(spool, refused, capsys):
    main(["list"])
    *lines, count = capsys.readouterr().out.splitlines()
    for event, conversation, line in zip(refused, ("c0", "c1"), lines, strict=True):
        assert line.startswith(event.event_id[:12])
        assert line.endswith(f"user  {conversation}  HTTP 422")
    assert count == "2 hændelser er lagt til side, 1 venter på at blive sendt."
    assert "hemmelighed" not in "".join(lines)


def test_all_are_sent_again(spool, refused, capsys):
    main(["resend"])
    assert capsys.readouterr().out.startswith("2 hændelser bliver sendt igen")
    assert spool.oldest(10, 10_000)[1:] == refused
    assert spool.refused() == []


def test_one_is_sent_again_by_the_beginning_of_its_id(spool, refused):
    main(["resend", refused[1].event_id[:12]])
    assert [one.event for one in spool.refused()] == refused[:1]
    assert spool.count() == 2


def test_an_unknown_id_sends_nothing(spool, refused):
    with pytest.raises(SystemExit, match="begynder med xyz"):
        main(["resend", refused[0].event_id, "xyz"])
    assert len(spool.refused()) == 2


def test_without_a_spool_none_is_made(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGISPOR_DATA_DIR", str(tmp_path / "elsewhere"))
    with pytest.raises(SystemExit, match="DIGISPOR_DATA_DIR"):
        main(["list"])
    assert not (tmp_path / "elsewhere").exists()

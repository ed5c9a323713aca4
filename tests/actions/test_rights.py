"""A citizen gets a copy, or has everything erased, from wherever they are; and is told what is true."""

import pytest
from fake_backend import LABELS, SLOTS
from rasa.core.channels.channel import CollectingOutputChannel

from actions.backend_models import MeetingAhead
from actions.rights import _ASKS_FOR_NEW_CODE

NO = "Der er ikke slettet noget."


PROOF = "c0de" * 16


class Rest(CollectingOutputChannel):
    """What another system is sent."""

    @classmethod
    def name(cls):
        return "rest"


async def gives_code(citizen, proof=PROOF):
    """Writes a code, as the channel hands it on."""
    citizen.metadata = {"button": "[kode fjernet]", **({"identity_code": proof} if proof else {})}
    said = await citizen.says("/inform", "inform")
    citizen.metadata = {}
    return said


def said_of(fake, method):
    return [arguments for name, arguments in fake.calls if name == method]


class TestACopy:
    async def test_is_given_at_once_where_the_channel_shows_who_asks(self, citizen, fake):
        said = await citizen.says("jeg vil have en kopi", "export_data")
        assert said.startswith("Her er alt, hvad vi har gemt om dig: https://k.dk/mine-data/1.[key]")
        assert await citizen.form() is None

    async def test_is_given_for_the_code(self, citizen, fake):
        fake.right.update(identity="code", is_identified=False, sent_to="***19")
        said = await citizen.says("jeg vil have en kopi", "export_data")
        assert "det nummer, der slutter på 19" in said
        assert await citizen.form() == "rights_form"
        assert (await gives_code(citizen)).startswith("Her er alt")
        assert said_of(fake, "check_code") == [("right-1", PROOF)]

    async def test_is_left_to_the_staff_where_nobody_can_tell_who_asks(self, citizen, fake):
        fake.right.update(identity="staff", is_identified=False)
        assert "givet det videre til en medarbejder" in await citizen.says("kopi", "export_data")
        assert await citizen.form() is None


class TestTheCode:
    @pytest.fixture
    async def asked(self, citizen, fake):
        fake.right.update(identity="code", is_identified=False, sent_to="***19")
        await citizen.says("slet mine data", "delete_data")
        return citizen

    async def test_leads_to_the_question_whether_to_erase(self, asked):
        assert "Skal jeg slette det nu?" in await gives_code(asked)

    async def test_that_is_wrong_can_be_tried_again(self, asked, fake):
        fake.code = "wrong"
        said = await gives_code(asked)
        assert "Du har 4 forsøg tilbage." in said
        assert await asked.form() == "rights_form"

    async def test_that_is_too_old_can_be_replaced(self, asked, fake):
        fake.code = "expired"
        assert "gælder ikke mere" in await gives_code(asked)
        assert "Du får en ny kode nu." in await asked.clicks("Send en ny kode")
        assert len(said_of(fake, "send_code")) == 1

    async def test_of_another_length_is_asked_for_again(self, asked, fake):
        assert "de 6 tal" in await asked.says("1234", "inform")
        assert "de 6 tal" in await gives_code(asked, proof="")
        assert said_of(fake, "check_code") == []

    async def test_is_not_sent_too_often(self, asked, fake):
        fake.refuse("send_code", "too-many-codes")
        assert "sender ikke flere" in await asked.says("send en ny kode", "nlu_fallback")
        assert await asked.form() is None


@pytest.mark.parametrize("text", ["send en ny kode", "koden kommer ikke", "jeg har ikke fået koden"])
def test_who_wants_another_code_is_understood(text):
    assert _ASKS_FOR_NEW_CODE.search(text)


class TestErasing:
    @pytest.fixture
    async def asked(self, citizen, fake):
        assert "Skal jeg slette det nu?" in await citizen.says("slet mine data", "delete_data")
        return citizen

    async def test_begins_with_a_yes_and_nothing_is_said_to_be_erased(self, asked, fake):
        said = await asked.says("ja", "affirm")
        assert said.startswith(
            "Jeg er gået i gang med at slette. Nummeret på din kvittering er DABC-DEFG-HJKM."
        )
        assert said_of(fake, "begin_erasure") == [("right-1", None, None)]
        assert await asked.form() is None

    @pytest.mark.parametrize("intent", ["deny", "skip_question", "previous_question"])
    async def test_does_not_begin_with_anything_else(self, asked, fake, intent):
        assert NO in await asked.says("nej", intent)
        assert said_of(fake, "begin_erasure") == []
        assert len(said_of(fake, "withdraw_request")) == 1

    @pytest.mark.parametrize("intent", ["pause_assessment", "opt_out"])
    async def test_is_left_like_any_form(self, asked, fake, intent):
        assert NO in await asked.says("stop", intent)
        assert await asked.form() is None

    async def test_a_question_in_between_does_not_lose_it(self, asked, fake):
        await asked.says("hvad gemmer I?", "ask_privacy")
        assert "Skal jeg slette det nu?" in asked.last_text
        assert said_of(fake, "begin_erasure") == []

    async def test_help_says_where_one_is(self, asked):
        assert "hjælpe dig med dine oplysninger" in await asked.says("hjælp", "help")
        assert "Skal jeg slette det nu?" in asked.last_text

    async def test_a_copy_can_be_had_first(self, asked, fake):
        assert (await asked.says("giv mig en kopi først", "export_data")).startswith("Her er alt")

    async def test_waits_for_a_caseworker_who_has_come_to_be_done(self, asked, fake):
        fake.refuse("begin_erasure", "person-there")
        assert "Derfor har jeg ikke slettet noget" in await asked.says("ja", "affirm")
        assert await asked.form() is None

    async def test_that_cannot_be_stored_is_said_to_have_failed(self, asked, fake):
        fake.away("begin_erasure")
        assert "der er ikke slettet noget" in await asked.says("ja", "affirm")

    async def test_whose_fate_is_unknown_is_said_to_be_so(self, asked, fake):
        fake.lose_answer_of("begin_erasure")
        assert "ved ikke" in await asked.says("ja", "affirm")
        assert await asked.form() is None

    async def test_a_late_yes_is_met_with_the_question_who_asks(self, asked, fake):
        fake.right.update(identity="code", is_identified=False, sent_to="***19")
        fake.refuse("begin_erasure", "identity-not-shown")
        assert "sms med en kode" in await asked.says("ja", "affirm")

    async def test_that_is_under_way_is_not_begun_again(self, citizen, fake):
        fake.right.update(receipt="DABC-DEFG-HJKM", receipt_url="https://k.dk/kvittering/DABC-DEFG-HJKM")
        assert "allerede i gang" in await citizen.says("slet", "delete_data")
        citizen.output = Rest
        assert fake.right["receipt_url"] in await citizen.says("slet", "delete_data")
        assert await citizen.form() is None


AHEAD = MeetingAhead(id="booking-1", version=1, label=LABELS[0], can_cancel=True)


class TestAMeetingAhead:
    @pytest.fixture
    async def asked(self, citizen, fake):
        fake.right["meeting"] = AHEAD.dict()
        assert "Skal jeg aflyse den?" in await citizen.says("slet", "delete_data")
        return citizen

    async def test_is_cancelled_for_who_says_yes_and_then_yes(self, asked, fake):
        assert f"Jeg aflyser din tid {LABELS[0]}." in await asked.says("ja", "affirm")
        await asked.says("ja", "affirm")
        assert said_of(fake, "begin_erasure") == [("right-1", "cancel", AHEAD)]

    async def test_is_kept_for_who_says_no(self, asked, fake):
        assert f"Du beholder din tid {LABELS[0]}." in await asked.says("nej", "deny")
        await asked.says("ja", "affirm")
        assert said_of(fake, "begin_erasure") == [("right-1", "keep", AHEAD)]

    async def test_that_is_another_by_now_is_asked_about_anew(self, asked, fake):
        await asked.says("nej", "deny")
        fake.refuse("begin_erasure", "meeting-undecided")
        fake.right["meeting"] = AHEAD.copy(update={"version": 2, "label": LABELS[1]}).dict()
        said = await asked.says("ja", "affirm")
        assert LABELS[1] in said
        assert "Skal jeg aflyse den?" in said


async def test_before_the_backend_answers_nothing_is_promised(citizen, fake):
    fake.lose_answer_of("ask_for_right")
    assert "Der er ikke slettet eller sendt noget." in await citizen.says("slet", "delete_data")
    assert await citizen.form() is None


class TestInTheMiddleOfSomething:
    @pytest.fixture
    async def booking(self, citizen, fake):
        await citizen.says("book", "book_followup")
        citizen.question = citizen.last_text
        return citizen

    async def test_a_no_goes_on_where_it_was(self, booking):
        assert "Vil du have slettet" in await booking.says("slet mine data", "delete_data")
        assert await booking.form() == "booking_form"
        await booking.says("nej", "deny")
        assert booking.last_text == booking.question

    @pytest.mark.parametrize(
        "agrees", [lambda c: c.says("ja", "affirm"), lambda c: c.clicks("Ja, gå i gang")]
    )
    async def test_a_yes_begins(self, booking, agrees):
        await booking.says("slet mine data", "delete_data")
        assert "Skal jeg slette det nu?" in await agrees(booking)
        assert await booking.form() == "rights_form"

    async def test_a_yes_to_a_copy_gives_it(self, booking):
        await booking.says("en kopi", "export_data")
        assert (await booking.says("ja tak", "affirm")).startswith("Her er alt")


async def test_an_ok_to_what_is_stored_is_asked_about(citizen, fake):
    await citizen.says("hvad gemmer I?", "ask_privacy")
    assert "Vil du have en kopi" in await citizen.says("ok", "affirm")
    assert fake.calls == []


async def test_a_time_that_was_booked_is_not_touched_by_asking(citizen, fake):
    fake.booked(SLOTS[0])
    await citizen.says("slet", "delete_data")
    await citizen.says("nej", "deny")
    assert len(fake.bookings_made) == 1

import json

import pytest
from fake_backend import LABELS, SLOTS

from actions.booking_questions import short_label

FIRST = "torsdag den 26. november kl. 10.00 på Gammel Køge Landevej 43"
SECOND = "Fredag den 27. november kl. 13.30 på telefonen"


@pytest.fixture
async def offered(citizen):
    await citizen.says("book en tid", "book_followup")
    return citizen


@pytest.fixture
async def named(offered):
    await offered.says("den anden", "inform")
    return offered


@pytest.fixture
async def ready(named):
    await named.says("jeg hedder Anna Jensen", "inform")
    await named.says("20 30 40 50", "inform")
    return named


async def test_the_first_free_times_are_offered_as_short_buttons(citizen, fake):
    said = await citizen.says("book en tid", "book_followup")
    assert said.startswith("Her er de første ledige tider hos en konsulent.")
    assert citizen.buttons == [
        "tors. 26. nov. kl. 10.00, Gammel Køge Landevej",
        "fre. 27. nov. kl. 13.30, telefon",
        "man. 30. nov. kl. 9.00, telefon",
        "Vis flere",
    ]


@pytest.mark.parametrize(
    ("place", "street"),
    [
        ("Gammel Køge Landevej 43, 2500 Valby", "Gammel Køge Landevej"),
        ("Gammel Køge Landevej 43", "Gammel Køge Landevej"),
        ("Torvet 12 B, 1. sal, 2500 Valby", "Torvet"),
        ("Torvet 12b, 2500 Valby", "Torvet"),
        ("10. Februar Vej 3, 6270 Tønder", "10. Februar Vej"),
        ("Jobcentret, Torvet 1", "Jobcentret"),
    ],
)
def test_the_button_of_a_visit_names_the_street(place, street):
    slot = SLOTS[0].copy(update={"place": place})
    assert short_label(slot) == f"tors. 26. nov. kl. 10.00, {street}"


async def test_a_channel_can_show_the_times_by_day(offered):
    [shown] = offered.custom
    assert shown["type"] == "times"
    assert shown["times"][1] == {
        "title": "fre. 27. nov. kl. 13.30, telefon",
        "day": "Fredag den 27. november",
        "time": "kl. 13.30, telefon",
    }
    assert [time["title"] for time in shown["times"]] == offered.buttons[:-1]


async def test_a_time_is_chosen_by_button_and_held(offered):
    said = await offered.clicks("fre. 27. nov. kl. 13.30, telefon")
    assert said == f"{SECOND}. Jeg holder tiden til dig i 10 minutter.\nHvad hedder du?"


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("den anden", 1),
        ("2", 1),
        ("nr 2", 1),
        ("nummer to er bedst", 1),
        ("jeg tager den første", 0),
        ("den sidste tak", 2),
        ("den tredje", 2),
        ("den i midten", 1),
    ],
)
async def test_a_time_is_chosen_by_its_place_in_the_list(offered, text, chosen):
    await offered.says(text, "inform")
    assert (await offered.slot("hold"))["slot"]["id"] == SLOTS[chosen].id


@pytest.mark.parametrize(
    ("text", "said", "chosen"),
    [
        ("fredag passer fint", {"weekdays": ["fri"]}, 1),
        ("den kl 10", {"time_from": "10:00", "time_to": "10:00"}, 0),
        ("mandag kl 9", {"weekdays": ["mon"], "time_from": "09:00", "time_to": "09:00"}, 2),
        ("den 27. november", {"from": "2026-11-27", "to": "2026-11-27"}, 1),
    ],
)
async def test_a_wish_that_fits_one_offered_time_chooses_it(offered, text, said, chosen):
    await offered.says(text, "inform", time=said)
    assert (await offered.slot("hold"))["slot"]["id"] == SLOTS[chosen].id


async def test_wishes_build_up(offered, fake):
    fake.free = lambda filters: [] if filters.get("not_weekdays") is None else SLOTS[1:]
    await offered.says("ikke torsdag", "inform", time={"not_weekdays": ["thu"]})
    await offered.says("om eftermiddagen", "inform", time={"time_from": "10:01"})
    assert fake.slot_filters[1] == {"not_weekdays": "thu", "limit": "3"}


async def test_a_wish_in_the_first_message_counts(citizen, fake):
    await citizen.says("book en tid men ikke onsdag", "book_followup", time={"not_weekdays": ["wed"]})
    assert fake.slot_filters == [{"not_weekdays": "wed", "limit": "3"}]
    await citizen.says("helst om formiddagen", "inform", time={"time_to": "11:59"})
    assert fake.slot_filters[-1] == {"not_weekdays": "wed", "time_to": "11:59", "limit": "3"}


async def test_the_wish_is_said_back(citizen, fake):
    said = await citizen.says("book en tid men ikke onsdag", "book_followup", time={"not_weekdays": ["wed"]})
    assert said.startswith("Ikke om onsdagen, det husker jeg. Her er de første ledige tider, der passer.")


async def test_another_day_is_another_than_the_chosen_one(ready, fake):
    await ready.says("nej hellere en anden dag", "deny")
    assert fake.slot_filters[-1] == {"not_weekdays": "fri", "limit": "3"}


async def test_a_form_of_meeting_can_be_wished_for(offered, fake):
    await offered.says("hellere på telefon", "inform")
    assert fake.slot_filters[-1] == {"meeting_form": "phone", "limit": "3"}


async def test_when_nothing_fits_the_nearest_is_offered(offered, fake):
    fake.free = lambda filters: [] if "time_from" in filters else SLOTS
    said = await offered.says("tirsdag kl 8", "inform", time={"weekdays": ["tue"], "time_from": "08:00"})
    assert said.startswith("Om tirsdagen, fra kl. 8: Der er desværre ingen ledige tider, der passer helt.")
    assert fake.slot_filters[-1] == {"weekdays": "tue", "limit": "3"}


async def test_more_times_are_others_than_all_those_shown(offered, fake):
    many = [SLOTS[0].copy(update={"id": f"slot-{number}"}) for number in range(1, 9)]
    fake.free = lambda filters: many
    await offered.clicks("Vis flere")
    assert fake.slot_filters[-1] == {"not_slots": "slot-1,slot-2,slot-3", "limit": "3"}
    await offered.says("nej ingen af dem", "deny")
    assert fake.slot_filters[-1]["not_slots"] == "slot-1,slot-2,slot-3,slot-4,slot-5,slot-6"
    payloads = [button["payload"] for message in offered.messages for button in message.get("buttons", [])]
    assert [payload[-8:-2] for payload in payloads] == ["slot-7", "slot-8"]


async def test_later_times_are_those_after_the_ones_shown(offered, fake):
    await offered.says("hellere senere", "inform", time={"later": True})
    assert fake.slot_filters[-1] == {"after": SLOTS[2].starts_at.isoformat(), "limit": "3"}
    assert offered.buttons == ["tirs. 1. dec. kl. 10.00, video"]


async def test_a_new_wish_may_be_met_by_times_already_shown(offered, fake):
    await offered.clicks("Vis flere")
    await offered.says("hellere fredag", "inform", time={"weekdays": ["fri"]})
    assert fake.slot_filters[-1] == {"weekdays": "fri", "limit": "3"}


async def test_after_the_last_times_the_first_come_again(offered):
    await offered.clicks("Vis flere")
    said = await offered.says("flere", "more_slots")
    assert said.startswith("Jeg fandt ikke flere ledige tider. Her er de første igen.")
    assert offered.buttons[0] == "tors. 26. nov. kl. 10.00, Gammel Køge Landevej"


async def test_yes_to_a_single_time_takes_it(offered, fake):
    await offered.clicks("Vis flere")
    await offered.says("ja tak", "affirm")
    assert (await offered.slot("hold"))["slot"]["id"] == SLOTS[3].id


async def test_yes_to_several_times_asks_which(offered):
    assert "Hvilken passer dig?" in await offered.says("ja", "affirm")


async def test_no_free_times_at_all_gives_the_phone_number(citizen, fake):
    fake.free = lambda filters: []
    said = await citizen.says("book en tid", "book_followup")
    assert said.startswith(
        "Der er desværre ingen ledige tider lige nu, så der er ikke booket eller flyttet noget. Ring på "
    )
    assert await citizen.form() is None


async def test_a_time_taken_meanwhile_is_told_and_others_are_offered(offered, fake):
    fake.refuse("hold", "slot-taken")
    said = await offered.clicks("fre. 27. nov. kl. 13.30, telefon")
    assert said.startswith("Den tid er desværre lige blevet taget.")
    assert offered.buttons[0] == "tors. 26. nov. kl. 10.00, Gammel Køge Landevej"
    assert await offered.form() == "booking_form"
    assert "Jeg holder tiden til dig" in await offered.says("den første", "inform")


async def test_a_time_from_an_old_list_that_is_taken_is_told_and_others_are_offered(offered, fake):
    await offered.says("stop", "pause_assessment")
    fake.refuse("hold", "slot-taken")
    said = await offered._send('/inform{"slot_choice": "slot-1"}', None)
    assert said.startswith("Den tid er desværre lige blevet taget.")
    assert "Jeg holder tiden til dig" in await offered.says("den anden", "inform")


async def test_when_the_hold_fails_the_times_stay_on_the_table(offered, fake):
    fake.away("hold")
    said = await offered.clicks("fre. 27. nov. kl. 13.30, telefon")
    assert said.startswith("Jeg kunne ikke holde tiden til dig lige nu")
    fake.back()
    assert "Jeg holder tiden til dig" in await offered.says("den anden", "inform")


async def test_when_neither_hold_nor_list_comes_through_a_time_can_be_chosen_again(offered, fake):
    fake.away("hold", "slots")
    said = await offered.clicks("fre. 27. nov. kl. 13.30, telefon")
    assert said.startswith("Jeg kunne ikke holde tiden til dig lige nu")
    assert await offered.form() == "booking_form"
    fake.back()
    assert "Jeg holder tiden til dig" in await offered.says("den anden", "inform")


async def test_times_that_do_not_fit_are_followed_by_others(offered, fake):
    said = await offered.says("det passer ikke alligevel, er der andre", "reschedule_booking")
    assert "Hvilken passer dig?" in said
    assert not said.startswith("Her er de første")


@pytest.mark.parametrize(
    ("text", "intent"), [("Ja, mange tak.", "thank"), ("ja ja book den nu bare", "book_followup")]
)
async def test_a_yes_is_a_yes_whatever_comes_with_it(ready, fake, text, intent):
    assert (await ready.says(text, intent)).startswith("Din tid er booket.")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("mange tak", "thank"),
        ("ja, hvornår er det?", "book_followup"),
        ("ja, men book en anden tid", "book_followup"),
    ],
)
async def test_what_is_no_clear_yes_books_nothing(ready, fake, text, intent):
    assert "Din tid er booket" not in await ready.says(text, intent)
    assert fake.bookings_made == []


async def test_a_booking_is_made_with_name_and_number_and_confirmed_in_full(ready, fake):
    assert ready.text == f"Skal jeg booke tiden?\n{SECOND}\nNavn: Anna Jensen\nTelefon: 20 30 40 50"
    said = await ready.clicks("Ja, book tiden")
    assert said == (
        "Din tid er booket.\n"
        f"{SECOND}\n"
        "Opfølgende samtale: Samtale om dit forslag til forløb\n"
        "I taler om dit forslag.\n"
        "Konsulent: Mette Friis, Konsulent\n"
        "Du kan flytte eller aflyse til og med onsdag den 25. november kl. 10.00. Skriv bare her.\n"
        "Har du spørgsmål? 33 66 33 66\n"
        "Må jeg spørge dig om en sidste ting? Hvor tilfreds er du med vores samtale? "
        "Du behøver ikke at svare."
    )
    assert fake.calls[-1] == ("book", ("hold-slot-2", "Anna Jensen", "+4520304050"))
    [card] = ready.custom
    assert card["type"] == "booking"
    assert card["label"] == LABELS[1]
    assert card["calendar_url"].startswith("http://localhost:8080/api/v1/bookings/")
    assert await ready.form() is None
    assert await ready.slot("hold") is None


async def test_name_and_number_may_come_in_one_message(named):
    said = await named.says("Anna Jensen, 20304050", "inform")
    assert said.endswith("Navn: Anna Jensen\nTelefon: 20 30 40 50")


async def test_a_citizen_the_backend_knows_is_not_asked_again(citizen, fake):
    fake.known = fake.known.copy(update={"name": "Ali Hassan", "phone": "+4520304050"})
    await citizen.says("book", "book_followup")
    assert (await citizen.says("1", "inform")).endswith("Navn: Ali Hassan\nTelefon: 20 30 40 50")


@pytest.mark.parametrize("text", ["1234", "20 30 40", "12 34 56 78 90 12", "mit nummer er 123"])
async def test_a_wrong_phone_number_is_explained(named, text):
    await named.says("Anna Jensen", "inform")
    said = await named.says(text, "inform")
    assert said.startswith("Det ligner ikke et telefonnummer")
    assert said.endswith("Hvilket telefonnummer kan vi ringe til dig på?")


async def test_a_swedish_number_is_taken_with_its_country_code(named, fake):
    await named.says("Anna Jensen", "inform")
    await named.says("+46 70 123 45 67", "inform")
    assert await named.slot("phone_number") == "+46701234567"


async def test_something_that_is_no_name_is_asked_again(named):
    said = await named.says("hvad skal I bruge det til", "inform")
    assert (
        said == "Det kunne jeg ikke læse som et navn. Skriv bare dit fornavn og efternavn.\nHvad hedder du?"
    )


@pytest.mark.parametrize(("slot", "button", "question"), [
    ("citizen_name", "Navnet", "Hvad hedder du?"),
    ("phone_number", "Telefonnummeret", "Hvilket telefonnummer kan vi ringe til dig på?"),
])  # fmt: skip
async def test_name_and_number_can_be_corrected(ready, slot, button, question):
    assert await ready.clicks("Ret noget") == "Hvad skal jeg rette?"
    assert await ready.clicks(button) == question
    await ready.says("Bo Bang" if slot == "citizen_name" else "31323334", "inform")
    assert ready.text.startswith("Skal jeg booke tiden?")
    assert "Bo Bang" in ready.text or "31 32 33 34" in ready.text


async def test_the_time_can_be_corrected(ready):
    await ready.clicks("Ret noget")
    assert (await ready.clicks("Tiden")).startswith("Her er de første ledige tider")
    assert (await ready.says("1", "inform")).endswith("Telefon: 20 30 40 50")


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [
        ("nej mit nummer er 31 32 33 34", "deny", "Telefon: 31 32 33 34"),
        ("mit navn er Bo Bang", "inform", "Navn: Bo Bang"),
        ("navnet er forkert", "deny", "Hvad hedder du?"),
        ("ret nummeret", "inform", "Hvilket telefonnummer kan vi ringe til dig på?"),
        ("jeg vil hellere have en anden tid", "book_followup", "Hvilken passer dig?"),
    ],
)
async def test_corrections_in_own_words(ready, text, intent, expected):
    assert expected in await ready.says(text, intent)


async def test_going_back_from_each_question(ready):
    assert (
        await ready.says("tilbage", "previous_question") == "Hvilket telefonnummer kan vi ringe til dig på?"
    )
    assert await ready.says("tilbage", "previous_question") == "Hvad hedder du?"
    assert (await ready.says("tilbage", "previous_question")).startswith("Her er de første ledige tider")


async def test_a_booking_that_fails_is_said_not_to_be_booked(ready, fake):
    fake.away("book")
    said = await ready.clicks("Ja, book tiden")
    assert said.startswith("Jeg kunne ikke booke tiden lige nu, så der er ikke booket noget.")
    assert await ready.form() is None
    fake.back()
    assert (await ready.clicks("Prøv igen")).startswith(f"Skal jeg booke tiden?\n{SECOND}")
    assert (await ready.clicks("Ja, book tiden")).startswith("Din tid er booket.")


async def test_a_booking_whose_fate_is_unknown_can_be_looked_up(ready, fake):
    fake.lose_answer_of("book")
    said = await ready.clicks("Ja, book tiden")
    assert said.startswith("Forbindelsen forsvandt, så jeg ved ikke, om din tid blev booket.")
    assert await ready.form() is None
    assert (await ready.clicks("Hvornår er min tid?")).startswith("Her er din tid.\nFredag den 27. november")


async def test_a_hold_that_ran_out_is_told_and_times_are_offered_again(ready, fake):
    fake.refuse("book", "hold-expired")
    said = await ready.clicks("Ja, book tiden")
    assert said.startswith("Tiden er desværre ikke ledig længere, så der er ikke booket eller flyttet noget.")
    assert ready.buttons[0] == "tors. 26. nov. kl. 10.00, Gammel Køge Landevej"


async def test_an_earlier_try_that_got_through_is_recognised(ready, fake):
    fake.booked(SLOTS[1])
    assert (await ready.clicks("Ja, book tiden")).startswith("Din tid er booket.")


async def test_an_earlier_try_is_not_denied_when_it_cannot_be_looked_up(ready, fake):
    fake.booked(SLOTS[1])
    fake.away("bookings")
    assert (await ready.clicks("Ja, book tiden")).startswith("Forbindelsen forsvandt, så jeg ved ikke")
    assert await ready.form() is None


async def test_a_name_the_backend_will_not_have_is_not_called_a_lost_time(ready, fake):
    fake.refuse("book", "validation")
    assert (await ready.clicks("Ja, book tiden")).startswith("Jeg kunne ikke booke tiden lige nu")


async def test_another_booking_in_the_way_is_named(ready, fake):
    fake.booked(SLOTS[0])
    said = await ready.clicks("Ja, book tiden")
    assert said == f"Det kunne jeg ikke. Din tid er {FIRST}. Vil du flytte den?"


async def test_pausing_books_nothing_and_can_be_taken_up_again(ready, fake):
    said = await ready.says("vent lidt", "pause_assessment")
    assert "Jeg har ikke booket eller flyttet noget." in said
    assert await ready.form() is None
    assert (await ready.says("fortsæt", "resume_assessment")).startswith(f"Skal jeg booke tiden?\n{SECOND}")


async def test_times_that_cannot_be_read_leave_nothing_open(citizen, fake):
    fake.away("slots")
    said = await citizen.says("book en tid", "book_followup")
    assert said.startswith(
        "Jeg kan ikke se de ledige tider lige nu, så der er ikke booket eller flyttet noget."
    )
    assert await citizen.form() is None


async def test_one_who_has_a_time_is_reminded_and_offered_to_move_it(citizen, fake):
    fake.booked(SLOTS[0])
    said = await citizen.says("book en tid", "book_followup")
    assert said == f"Du har allerede en tid: {FIRST}. Vil du flytte den?"
    assert (await citizen.says("ja", "affirm")).startswith(
        f"Din tid er {FIRST}. Den gælder, til jeg har flyttet den."
    )


async def test_moving_needs_a_new_time_and_a_yes(citizen, fake):
    fake.booked(SLOTS[0])
    await citizen.says("flyt min tid", "reschedule_booking")
    said = await citizen.says("den anden", "inform")
    assert said.endswith(f"Skal jeg flytte din tid?\nFra: {FIRST[0].upper()}{FIRST[1:]}\nTil: {SECOND}")
    assert fake.bookings_made[0].slot.id == SLOTS[0].id
    assert (await citizen.clicks("Ja, flyt tiden")).startswith(f"Din tid er flyttet.\n{SECOND}")
    assert fake.calls[-1] == ("move", ("booking-1", "hold-slot-2", 1))


@pytest.fixture
async def moving(citizen, fake):
    fake.booked(SLOTS[0])
    await citizen.says("flyt min tid", "reschedule_booking")
    await citizen.says("den anden", "inform")
    return citizen


async def test_no_to_moving_keeps_the_old_time(moving, fake):
    said = await moving.says("nej behold den gamle", "deny")
    assert said.startswith("Det er helt i orden. Jeg har ikke flyttet noget.")
    assert await moving.form() is None
    assert fake.bookings_made[0].slot.id == SLOTS[0].id


async def test_no_but_another_time_finds_one(moving):
    assert "Hvilken passer dig?" in await moving.says("nej hellere en anden tid", "deny")


async def test_a_question_while_correcting_is_a_question(ready):
    await ready.clicks("Ret noget")
    said = await ready.says("hvornår skal jeg møde op", "ask_booking")
    assert said.startswith("Jeg kan ikke se nogen tid i denne samtale.")
    assert said.endswith("Hvad skal jeg rette?")


async def test_a_move_that_fails_leaves_the_old_time(citizen, fake):
    fake.booked(SLOTS[0])
    await citizen.says("flyt min tid", "reschedule_booking")
    await citizen.says("den anden", "inform")
    fake.away("move")
    said = await citizen.clicks("Ja, flyt tiden")
    assert said.startswith("Jeg kunne ikke flytte tiden lige nu, så din gamle tid gælder stadig.")


async def test_it_is_too_late_to_move(citizen, fake):
    fake.booked(SLOTS[0])
    fake.can_change = False
    said = await citizen.says("flyt min tid", "reschedule_booking")
    assert "Nu er det for sent, så jeg kan ikke flytte den." in said
    assert await citizen.form() is None


async def test_moving_without_a_time_finds_one(citizen):
    said = await citizen.says("flyt min tid", "reschedule_booking")
    assert said.startswith("Jeg kan ikke se nogen tid i denne samtale, så der er ikke flyttet noget.")


async def test_asking_for_the_time(citizen, fake):
    said = await citizen.says("hvornår er min tid", "ask_booking")
    assert said.startswith("Jeg kan ikke se nogen tid i denne samtale.")
    assert said.endswith("Skal vi finde en ny?")
    fake.booked(SLOTS[0])
    assert (await citizen.says("hvornår er min tid", "ask_booking")).startswith("Her er din tid.\nTorsdag")


async def test_a_time_out_of_the_blue_begins_a_booking(citizen, fake):
    await citizen.says("tirsdag kl 10", "inform", time={"weekdays": ["tue"]})
    assert fake.slot_filters == [{"weekdays": "tue", "limit": "3"}]


async def test_an_old_button_still_books_its_time(ready, fake):
    await ready.says("stop", "pause_assessment")
    await ready._send('/inform{"slot_choice": "slot-1"}', None)
    assert json.dumps(await ready.slot("hold")).count("slot-1")


@pytest.mark.parametrize("text", ["", "😀", "x" * 10_000, "<script>", "{time}", "/restart", "\u202e"])
async def test_odd_input_chooses_nothing(offered, fake, text):
    await offered.says(text, "nlu_fallback")
    assert await offered.form() == "booking_form"
    assert "hold" not in [name for name, _ in fake.calls]


async def test_after_a_booking_in_the_middle_the_questions_are_offered_again(citizen, fake):
    await citizen.says("start", "start_assessment")
    await citizen.clicks("Med hjælp")
    await citizen.says("book en tid", "book_followup")
    await citizen.says("den anden", "inform")
    await citizen.says("Anna Jensen, 20304050", "inform")
    assert (await citizen.clicks("Ja, book tiden")).endswith("Vil du fortsætte?")
    assert (await citizen.says("ja", "affirm")).startswith("Vi fortsætter, hvor vi slap.")


@pytest.mark.parametrize("method", ["book", "move"])
async def test_going_on_after_an_unknown_outcome_finds_what_was_done(ready, fake, method):
    if method == "move":
        await ready.says("stop", "opt_out")
        fake.booked(SLOTS[0])
        await ready.says("flyt min tid", "reschedule_booking")
        await ready.says("den anden", "inform")
    fake.lose_answer_of(method)
    assert "ved ikke" in await ready.says("ja", "affirm")
    said = await ready.says("fortsæt", "resume_assessment")
    assert said.startswith(f"Her er din tid.\n{SECOND}")
    assert await ready.form() is None
    assert await ready.slot("hold") is None


@pytest.mark.parametrize("intent", ["dont_know", "deny", "skip_question", "affirm", "previous_question"])
async def test_a_name_that_resembles_other_words_is_a_name(named, intent):
    said = await named.says("Inge Ujjpjquuwk", intent)
    assert await named.slot("citizen_name") == "Inge Ujjpjquuwk"
    assert "telefonnummer" in said


@pytest.mark.parametrize(
    ("text", "intent"), [("ved ikke", "dont_know"), ("Nej Tak", "deny"), ("ja", "affirm")]
)
async def test_what_is_no_name_is_asked_for_again(named, text, intent):
    assert "Jeg skal bruge dit navn" in await named.says(text, intent)
    assert await named.slot("citizen_name") is None

import pytest

QUESTION = "Hvor tilfreds er du med vores samtale?"


@pytest.fixture
async def booked(citizen):
    await citizen.says("book en tid", "book_followup")
    await citizen.clicks("tors. 26. nov. kl. 10.00, Gammel Køge Landevej")
    await citizen.says("Anna Jensen")
    await citizen.says("20 30 40 50")
    await citizen.clicks("Ja, book tiden")
    return citizen


async def test_who_has_booked_is_asked_once_how_content_they_are(booked):
    assert QUESTION in booked.text
    assert "Din tid er booket." in booked.text
    assert QUESTION not in await booked.says("farvel", "goodbye")


async def test_who_has_questions_left_is_not_at_the_end(citizen):
    await citizen.says("lad os starte", "start_assessment")
    await citizen.says("book en tid", "book_followup")
    await citizen.clicks("tors. 26. nov. kl. 10.00, Gammel Køge Landevej")
    await citizen.says("Anna Jensen")
    await citizen.says("20 30 40 50")
    await citizen.clicks("Ja, book tiden")
    assert "Vil du fortsætte?" in citizen.text
    assert QUESTION not in citizen.text


async def test_who_says_goodbye_after_some_questions_is_asked(citizen):
    await citizen.says("lad os starte", "start_assessment")
    assert QUESTION in await citizen.says("farvel", "goodbye")


async def test_who_only_greeted_is_not_asked(citizen):
    await citizen.says("hej", "greet")
    assert QUESTION not in await citizen.says("farvel", "goodbye")


@pytest.mark.parametrize(
    ("title", "rating"), [("Meget tilfreds", 5), ("Hverken eller", 3), ("Meget utilfreds", 1)]
)
async def test_an_answer_is_stored_and_thanked_for(booked, fake, title, rating):
    assert await booked.clicks(title) == "Tak, fordi du svarede. Det hjælper os med at gøre chatten bedre."
    assert fake.ratings == [rating]


async def test_an_answer_that_cannot_be_stored_is_not_thanked_for(booked, fake):
    fake.away("rate")
    assert "kunne ikke gemme" in await booked.clicks("Tilfreds")
    assert fake.ratings == []

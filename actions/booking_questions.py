"""The booking form's questions that take more than words: which times are free, and is it all right."""

import re

from actions.appointments import sentence
from actions.backend_client import backend
from actions.backend_models import Slot, SlotPage
from actions.booking_memory import held, moving_booking, time_wish
from actions.contact import spoken_phone
from actions.time_wish import COPENHAGEN, Wish, as_query, goes_on, nearest
from actions.turn import Button, Turn
from actions.wish_wording import MONTHS, wish_in_words

SLOTS_SHOWN = 3

_WEEKDAYS = ("man.", "tirs.", "ons.", "tors.", "fre.", "lør.", "søn.")
_MONTHS = ("jan.", "feb.", "marts", "april", "maj", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec.")
_FULL_WEEKDAYS = ("Mandag", "Tirsdag", "Onsdag", "Torsdag", "Fredag", "Lørdag", "Søndag")
_FORMS = {"phone": "telefon", "video": "video"}
_HOUSE_NUMBER = re.compile(r" \d+ ?[a-zæøå]?$", re.IGNORECASE)


async def offer_times(turn: Turn) -> None:
    """Offers the first free times that fit the wish, or else the nearest; ends the form when there are none.

    Raises:
        BackendError: The times could not be read; nothing has been said then.
    """
    turn.attempting("utter_slots_unavailable")
    wish = time_wish(turn)
    for tried in nearest(wish):
        page = await backend().slots(**as_query(tried), limit=str(SLOTS_SHOWN))
        if page.slots:
            turn.set("time_wish", tried)
            turn.set("offered_slots", page.slots)
            turn.say(
                _wording(wish, tried),
                buttons=_buttons(page),
                custom={"type": "times", "times": [_as_shown(slot) for slot in page.slots]},
                wish=sentence(wish_in_words(wish)),
            )
            return
    turn.say("utter_no_free_slots")
    turn.end_form()


def _wording(wish: Wish, offered: Wish) -> str:
    if goes_on(wish):
        return "utter_offer_more" if offered == wish else "utter_offer_no_more"
    if offered != wish:
        return "utter_offer_nearest"
    return "utter_offer_fitting" if wish else "utter_offer_first"


def _buttons(page: SlotPage) -> list[Button]:
    choices = [Button(short_label(slot), f'/inform{{"slot_choice": "{slot.id}"}}') for slot in page.slots]
    return [*choices, Button("Vis flere", "/more_slots")] if page.more else choices


def short_label(slot: Slot) -> str:
    """Gives a time as short as a button: "fre. 27. nov. kl. 13.30, telefon"; of a visit, the street."""
    start = slot.starts_at.astimezone(COPENHAGEN)
    day = f"{_WEEKDAYS[start.weekday()]} {start.day}. {_MONTHS[start.month - 1]}"
    return f"{day} {_clock_and_where(slot)}"


def _as_shown(slot: Slot) -> dict[str, str]:
    """What a channel needs that shows the times by day; `title` is that of the slot's button."""
    start = slot.starts_at.astimezone(COPENHAGEN)
    return {
        "title": short_label(slot),
        "day": f"{_FULL_WEEKDAYS[start.weekday()]} den {start.day}. {MONTHS[start.month - 1]}",
        "time": _clock_and_where(slot),
    }


def _clock_and_where(slot: Slot) -> str:
    start = slot.starts_at.astimezone(COPENHAGEN)
    return f"kl. {start.hour}.{start.minute:02}, {_FORMS.get(slot.meeting_form) or _street(slot.place or '')}"


def _street(place: str) -> str:
    """Gives the street of an address: "Gammel Køge Landevej" of "Gammel Køge Landevej 43, 2500 Valby"."""
    return _HOUSE_NUMBER.sub("", place.partition(",")[0].strip())


def ask_for_yes(turn: Turn) -> None:
    """Sums up and asks whether to book, or to move."""
    hold, moving = held(turn), moving_booking(turn)
    time = sentence(hold.slot.label) if hold else ""
    if moving is not None:
        turn.say("utter_confirm_move", time=time, old_time=sentence(moving.label))
    else:
        phone = spoken_phone(str(turn.slot("phone_number")))
        turn.say("utter_confirm_booking", time=time, name=turn.slot("citizen_name"), phone=phone)

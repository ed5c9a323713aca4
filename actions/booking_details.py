"""Who the booking is for, and putting right what is wrong in it."""

import re

from actions.booking_memory import ask_for_time_again, ask_next, said_of_time
from actions.contact import introduced_name, is_surely_name, read_name, read_phone, seems_phone
from actions.forms import OTHER_TOPICS, reads_as_question
from actions.turn import Turn

_ABOUT_NAME = re.compile(r"\bnavn\w*\b")
_ABOUT_PHONE = re.compile(r"\b(?:telefon\w*|tlf|mobil\w*|nummer\w*)\b")
_ABOUT_TIME = re.compile(r"\b(?:tid\w*|tidspunkt\w*|dag\w*|dato\w*|klokke\w*)\b")
_CORRECTS = re.compile(r"\b(?:ret|rette?|ændre?|forkert|skift\w*|lav om|en anden)\b")


def take_name(turn: Turn) -> bool:
    """Takes the name, and a number said in the same breath; False when the message is not for the form."""
    # Names that are rare here resemble anything, "ved ikke" and "tilbage" too.
    surely = not turn.clicked and bool(introduced_name(turn.text) or is_surely_name(turn.text))
    if turn.intent == "previous_question" and not surely:
        ask_for_time_again(turn)
        return True
    if turn.intent in ("skip_question", "deny", "dont_know", "affirm") and not surely:
        turn.say("utter_name_needed")
        turn.ask("citizen_name")
        return True
    if turn.clicked or (turn.intent in OTHER_TOPICS and not surely):
        return False
    name = read_name(turn.text)
    if name is None and reads_as_question(turn.text) and turn.intent != "inform":
        return False
    turn.set("phone_number", read_phone(turn.text) or turn.slot("phone_number"))
    if name is None:
        turn.say("utter_name_not_understood")
        turn.ask("citizen_name")
    else:
        turn.set("citizen_name", name)
        ask_next(turn)
    return True


def take_phone(turn: Turn) -> bool:
    """Takes the phone number; False when the message is not for the form."""
    phone = read_phone(turn.text)
    if phone is not None:
        turn.set("phone_number", phone)
        ask_next(turn)
    elif turn.intent == "previous_question":
        turn.ask("citizen_name")
    elif turn.intent in ("skip_question", "deny", "dont_know"):
        turn.say("utter_phone_needed")
        turn.ask("phone_number")
    elif seems_phone(turn.text) or turn.intent == "inform":
        turn.say("utter_phone_invalid")
        turn.ask("phone_number")
    else:
        return False
    return True


def wants_correction(turn: Turn) -> bool:
    """Tells whether a message at the last question points at something that is wrong."""
    if turn.entity("correction") or read_phone(turn.text) or introduced_name(turn.text):
        return True
    if turn.intent in OTHER_TOPICS or turn.intent == "affirm":
        return False
    return bool(_CORRECTS.search(turn.text.casefold()) or said_of_time(turn))


def correct(turn: Turn) -> bool:
    """Puts right what is pointed at, or asks what it is; False when the message is not for the form."""
    text, subject = turn.text.casefold(), turn.entity("correction")
    name, phone, said = introduced_name(turn.text), read_phone(turn.text), said_of_time(turn)
    moving = bool(turn.slot("moving_booking"))
    if turn.intent in OTHER_TOPICS and not (subject or name or phone):
        return False
    if phone and not moving:
        turn.set("phone_number", phone)
        ask_next(turn)
    elif name and not moving:
        turn.set("citizen_name", name)
        ask_next(turn)
    elif not moving and (subject == "name" or _ABOUT_NAME.search(text)):
        turn.ask("citizen_name")
    elif not moving and (subject == "phone" or _ABOUT_PHONE.search(text)):
        turn.ask("phone_number")
    elif moving or subject == "time" or said or _ABOUT_TIME.search(text):
        ask_for_time_again(turn)
    elif turn.intent in ("affirm", "previous_question"):
        turn.ask("booking_confirmed")
    elif turn.intent in ("nlu_fallback", "out_of_scope"):
        return False
    else:
        turn.ask("correction")
    return True

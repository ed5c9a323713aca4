"""Understands when a Danish speaker would like to meet: "ikke onsdag", "i næste uge efter kl. 10".

`understand_time(text, now)` gives a TimeWish: which days and which time of day, as filters for free slots.
The parts, in the order they are used: wording (one spelling for each word, with slips and numbers), refusals
(what is wanted and what is not), then weekdays, days with dates, and clock, each on its own.
"""

from bot.nlu.danish_time.understanding import understand_time
from bot.nlu.danish_time.wish import TimeWish

__all__ = ["TimeWish", "understand_time"]

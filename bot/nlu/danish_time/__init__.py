"""Understands when a Danish speaker would like to meet: "ikke onsdag", "i næste uge efter kl. 10".

`understand_time(text, now)` gives a TimeWish: which days and which time of day, as filters for free slots.
The parts: wording (folds spellings and number words), clock (time of day), days (dates and weeks), weekdays
(with negation).
"""

from bot.nlu.danish_time.understanding import understand_time
from bot.nlu.danish_time.wish import TimeWish

__all__ = ["TimeWish", "understand_time"]

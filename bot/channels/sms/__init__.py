"""SMS: the whole service on a plain phone.

    gateway ─ webhook ─ provider (signature) ─ reception ─ store ─ answering ─ intake ─ Rasa
       └──────────────── provider ◄─ sending ◄─────────── store ◄─┘

A webhook is answered when what it says is on disk. Answering and sending go on beside it, in order for each
person, and take up after a crash what waits. Each provider has a module with its wire format.
"""

from bot.channels.sms.channel import SmsInput

__all__ = ["SmsInput"]

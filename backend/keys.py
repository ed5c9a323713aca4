"""Where the application keeps what its handlers share: typed keys of `web.Application`."""

from aiohttp import web

from backend.assessment.engine import Engine
from backend.assessment.item_bank import ItemBank
from backend.clock import Clock
from backend.console.sign_in_pace import SignInPace
from backend.db import Database
from backend.handover.desk import Desk
from backend.handover.pulses import SharedPulses
from backend.identity.provider import OpenIdProvider
from backend.live.readers import Readers
from backend.live.watch import ChangeWatch, Pace
from backend.municipality import Municipality
from backend.privacy.worker import PrivacyWorker
from backend.retention.policy import Policy
from backend.settings import Settings

SETTINGS = web.AppKey("settings", Settings)
MUNICIPALITY = web.AppKey("municipality", Municipality)
DATABASE = web.AppKey("database", Database)
ITEM_BANK = web.AppKey("item_bank", ItemBank)
ENGINE: web.AppKey[Engine] = web.AppKey("engine")
DESK = web.AppKey("desk", Desk)
PULSES = web.AppKey("pulses", SharedPulses)
PACE = web.AppKey("pace", Pace)
WATCH = web.AppKey("watch", ChangeWatch)
READERS = web.AppKey("readers", Readers)
POLICY = web.AppKey("policy", Policy)
PRIVACY = web.AppKey("privacy", PrivacyWorker)
SIGN_INS = web.AppKey("sign_ins", SignInPace)
PROVIDER = web.AppKey("provider", OpenIdProvider)
"""There when the settings name one."""
CLOCK: web.AppKey[Clock] = web.AppKey("clock")

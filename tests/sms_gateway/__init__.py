"""An SMS gateway to test against: it speaks the providers' wire formats, to phones that are only lists."""

from tests.sms_gateway.formats import FORMATS, Format
from tests.sms_gateway.gateway import Faults, Gateway, Phone

__all__ = ["FORMATS", "Faults", "Format", "Gateway", "Phone"]

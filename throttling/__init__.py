"""How much one person may ask for, and who that is behind a proxy.

A package of its own, in plain Python, because both deployables need the same rule.
"""

from throttling.addresses import Proxies
from throttling.buckets import Limit

__all__ = ["Limit", "Proxies"]

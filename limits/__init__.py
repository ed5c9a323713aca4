"""How much one person may ask for, and who that is behind a proxy.

A package of its own, in plain Python, because both deployables need the same rule.
"""

from limits.addresses import Proxies
from limits.buckets import Limit

__all__ = ["Limit", "Proxies"]

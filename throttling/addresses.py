"""Who asks, when a proxy stands between."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# Whoever has one IPv6 address has at least this many bits of them.
_IPV6_HOUSEHOLD = 64


class Proxies:
    """The proxies whose word for who asks is believed."""

    def __init__(self, trusted: str) -> None:
        """Creates it.

        Args:
            trusted: Addresses and networks, separated by commas.

        Raises:
            ValueError: One of them is no address and no network.
        """
        self._networks = [ip_network(part.strip()) for part in trusted.split(",") if part.strip()]

    def client(self, peer: str | None, forwarded: Iterable[str]) -> str | None:
        """Gives the address of who asks.

        Each proxy adds the address that it heard from at the end of X-Forwarded-For. What stands before the
        first address that is none of our proxies can be made up.

        Args:
            peer: Who opened the connection.
            forwarded: The values of X-Forwarded-For, in order.

        Returns:
            The address, of IPv6 the network; None when only our own proxies are known, or nothing is.
        """
        heard = [part.strip() for value in forwarded for part in value.split(",")]
        for text in [peer or "", *reversed(heard)]:
            try:
                address = _address(text)
            except ValueError:
                return None
            if not any(address in network for network in self._networks):
                return _household(address)
        return None


def _address(text: str) -> IPv4Address | IPv6Address:
    address = ip_address(text)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _household(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((address, _IPV6_HOUSEHOLD), strict=False))

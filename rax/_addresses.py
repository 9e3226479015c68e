"""Which addresses we connect to: global unicast ones, and those the operator lists.

Python's `ipaddress` calls NAT64, `::127.0.0.1` and multicast global: addresses that carry another are
unwrapped first, and the rest is asked for more than `is_global`.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from rax._exceptions import ArgumentError

_LOW_32_BITS = 0xFFFF_FFFF
# Their last 32 bits are an IPv4 address: compatible (RFC 4291), translated (RFC 2765), NAT64 (RFC 6052).
_CARRIERS = tuple(IPv6Network(text) for text in ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96"))
# Never a public server: site-local, local NAT64 (RFC 8215), discard, Teredo and ORCHID, documentation, SRv6.
_REFUSED = tuple(
    IPv6Network(text)
    for text in (
        "fec0::/10",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_REFUSED_V4 = tuple(
    IPv4Network(text) for text in ("0.0.0.0/8", "100.64.0.0/10", "192.88.99.0/24", "240.0.0.0/4")
)

type Address = IPv4Address | IPv6Address


class AllowedAddresses:
    """The answer to "may we connect there?".

    `allow` lists networks (`127.0.0.0/8`, `::1`) and host names (`localhost`, allowed wherever they
    resolve to): what is listed may be asked in plain http too. Raises ArgumentError for an entry that is
    neither.
    """

    def __init__(self, allow: Iterable[str] = ()) -> None:
        if isinstance(allow, str) or not isinstance(allow, Iterable):
            raise ArgumentError("Allowed addresses must be a list of networks, addresses and host names.")
        networks: list[IPv4Network | IPv6Network] = []
        hosts: set[str] = set()
        for entry in (entry.strip() if isinstance(entry, str) else "" for entry in allow):
            network = _network(entry)
            if network:
                networks.append(network)
            elif _is_host(entry):
                hosts.add(entry.lower())
            else:
                raise ArgumentError("An allowed address must be a network, an address or a host name.")
        self._networks = tuple(networks)
        self._hosts = frozenset(hosts)

    def allows_host(self, host: str) -> bool:
        """Whether the operator trusts this name, whatever it resolves to."""
        return host.lower().rstrip(".") in self._hosts

    def allows_address(self, address: str) -> bool:
        """Whether a connection to this literal address is allowed; false for what is not an address."""
        parsed = _address(address)
        return parsed is not None and (self._lists(parsed) or is_global_unicast(unwrap(parsed)))

    def allows_plain_http(self, address: str) -> bool:
        """Whether a key may travel unencrypted to this literal address: only where it is listed."""
        parsed = _address(address)
        return parsed is not None and self._lists(parsed)

    def lists(self, host: str) -> bool:
        """Whether this name or literal address is listed."""
        return self.allows_host(host) or self.allows_plain_http(host.strip("[]"))

    def _lists(self, address: Address) -> bool:
        inner = unwrap(address)
        return any(inner in network or address in network for network in self._networks)


def unwrap(address: Address) -> Address:
    """Return the IPv4 address inside a mapped, compatible, translated, NAT64 or 6to4 address, else itself."""
    if isinstance(address, IPv4Address) or address in (IPv6Address("::"), IPv6Address("::1")):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    if any(address in network for network in _CARRIERS):
        return IPv4Address(int(address) & _LOW_32_BITS)
    return address


def is_global_unicast(address: Address) -> bool:
    """Whether an (unwrapped) address is a public server's."""
    if address.is_multicast or not address.is_global:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _REFUSED_V4)
    return address in _GLOBAL_UNICAST and not any(address in network for network in _REFUSED)


def _address(text: str) -> Address | None:
    try:
        return ip_address(text.partition("%")[0])
    except ValueError:
        return None


def _network(entry: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(entry, strict=False)
    except ValueError:
        return None


def _is_host(entry: str) -> bool:
    labels = entry.split(".")
    return len(entry) <= 253 and all(label.replace("-", "").replace("_", "").isalnum() for label in labels)

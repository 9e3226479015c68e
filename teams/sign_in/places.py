"""Where a request comes from, as limits count it: one place, one name."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from django.http import HttpRequest

# Whoever has one address of IPv6 has all of its /64.
IPV6_PREFIX = 64
NAT64 = IPv6Network("64:ff9b::/96")


def place_of(request: HttpRequest) -> str:
    """Return the address of the connection: for IPv6 its network, nothing where it has no address.

    uvicorn has put the client's address there, where the proxy that named it is believed.
    """
    return place(request.META.get("REMOTE_ADDR", ""))


def place(text: str) -> str:
    """Return the name of an address; every spelling of one place has the same name."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        inner = inner_address(address)
        return str(inner) if inner else str(ip_network((int(address), IPV6_PREFIX), strict=False))
    return str(address)


def inner_address(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address only wraps: all of those share one /64."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped

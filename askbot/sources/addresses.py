"""Which network addresses a page may be fetched from."""

from __future__ import annotations

import ipaddress

_NAT64 = tuple(ipaddress.IPv6Network(n) for n in ("64:ff9b::/96", "64:ff9b:1::/48"))
_SHARED = ipaddress.IPv4Network("100.64.0.0/10")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet.

    Loopback, private, link-local, shared (carrier NAT), multicast and reserved ranges are not, nor
    are IPv6 forms that lead to such an IPv4 address: mapped (::ffff:0:0/96), compatible (::/96),
    NAT64 (RFC 6052, RFC 8215), 6to4 (RFC 3056) and Teredo (RFC 4380).
    """
    try:
        ip: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return _is_public(ip)
    return _is_public(ip) and all(_is_public(inner) for inner in _inner(ip))


def _is_public(ip: Address) -> bool:
    closed = ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback
    if isinstance(ip, ipaddress.IPv6Address) and _inner(ip):
        return not (ip.is_multicast or ip.is_unspecified or ip.is_loopback)
    return ip.is_global and not closed and not (ip.version == 4 and ip in _SHARED)


def _inner(ip: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 address stands for."""
    found = []
    if ip.ipv4_mapped is not None:
        found.append(ip.ipv4_mapped)
    if ip.sixtofour is not None:
        found.append(ip.sixtofour)
    if ip.teredo is not None:
        found.extend(ip.teredo)
    number = int(ip)
    if any(ip in network for network in _NAT64) or (number >> 32 == 0 and number > 0xFFFF):
        found.append(ipaddress.IPv4Address(number & 0xFFFFFFFF))
    return found

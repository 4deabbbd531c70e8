"""Where a call to a partner may go: https on port 443 to a public address, looked up once and then held on to.

It guards against an address that leads back into our own network (SSRF): whatever the name resolves to is judged before
a connection is made, and the connection goes to the judged address, so that a name that re-binds gains nothing.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""The addresses of a host name."""

PORT = 443
_LONGEST = 500
_MOST_ADDRESSES = 16

# Besides what the standard library does not call global: ways for an IPv4 address to hide in an IPv6 one (NAT64, 6to4,
# Teredo, the old "compatible" form), documentation and shared address space.
_NEVER = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("100.64.0.0/10"),
    IPv4Network("192.88.99.0/24"),
    IPv4Network("198.18.0.0/15"),
    IPv6Network("::/96"),
    IPv6Network("64:ff9b::/96"),
    IPv6Network("64:ff9b:1::/48"),
    IPv6Network("2001::/32"),
    IPv6Network("2002::/16"),
    IPv6Network("fec0::/10"),
)


class AddressRefused(Exception):
    """We do not call there; the message says why and what to mend, without the address itself."""


class NameUnknown(Exception):
    """The host name has no address now."""


@dataclass(frozen=True)
class Target:
    """Whom to call: the name that the certificate must bear, and the address that was judged."""

    host: str
    port: int
    address: str
    path: str

    @property
    def url(self) -> str:
        """The judged address as the URL to connect to."""
        literal = f"[{self.address}]" if ":" in self.address else self.address
        return f"https://{literal}:{self.port}{self.path}"

    @property
    def named(self) -> str:
        """The host as the receiver expects to be called."""
        literal = f"[{self.host}]" if ":" in self.host else self.host
        return literal if self.port == PORT else f"{literal}:{self.port}"


async def resolve(host: str, port: int) -> list[str]:
    """Ask this machine's resolver. Raises NameUnknown."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        raise NameUnknown("the host name has no address") from None
    return [str(info[4][0]) for info in found]


def check(url: str, loopback_allowed: bool = False) -> SplitResult:
    """The parts of a URL that we may call, its name not yet looked up. Raises AddressRefused."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORT
    except ValueError:
        raise AddressRefused("this is no URL") from None
    if len(url) > _LONGEST or not url.isascii() or any(c.isspace() or ord(c) < 0x20 or c == "\\" for c in url):
        raise AddressRefused(f"a URL is at most {_LONGEST} plain characters")
    if parts.scheme != "https":
        raise AddressRefused("only https is called")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("a URL with a log-in in it is not called")
    if not parts.hostname or parts.fragment:
        raise AddressRefused("a URL names a host, and has nothing after a #")
    if port != PORT and not (loopback_allowed and _is_loopback(parts.hostname)):
        raise AddressRefused(f"only port {PORT} is called")
    literal = _literal(parts.hostname)
    if literal is not None:
        _judge(literal, loopback_allowed)
    elif parts.hostname.rstrip(".").endswith((".local", ".internal", ".localhost", "localhost")):
        raise AddressRefused("a name of this machine or of a private network is not called")
    return parts


async def target(url: str, loopback_allowed: bool = False, look_up: Resolve = resolve) -> Target:
    """Look a URL's host up, once, and judge every address it has. Raises AddressRefused or NameUnknown."""
    parts = check(url, loopback_allowed)
    host, port = str(parts.hostname), parts.port or PORT
    literal = _literal(host)
    found = [str(literal)] if literal is not None else await look_up(host, port)
    if not found:
        raise NameUnknown("the host name has no address")
    if len(found) > _MOST_ADDRESSES:
        raise AddressRefused("the host name has too many addresses")
    judged = [_judge(_address(one), loopback_allowed) for one in found]
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host, port, str(judged[0]), path)


def _judge(address: IPv4Address | IPv6Address, loopback_allowed: bool) -> IPv4Address | IPv6Address:
    """The address, when it is public; one that is not public among several refuses them all."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if loopback_allowed and address.is_loopback:
        return address
    hidden = any(address in network for network in _NEVER if network.version == address.version)
    scoped = isinstance(address, IPv6Address) and address.scope_id is not None
    if hidden or scoped or not address.is_global or address.is_multicast or address.is_reserved:
        raise AddressRefused("a private, local or special address is not called")
    return address


def _address(written: str) -> IPv4Address | IPv6Address:
    try:
        return ip_address(written)
    except ValueError:
        raise AddressRefused("the host name leads to something that is no address") from None


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    """The host as an address, when it is one; old ways of writing (`127.1`, `0x7f000001`) count as addresses too."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host.rstrip(".")))
    except OSError:
        return None


def _is_loopback(host: str) -> bool:
    literal = _literal(host)
    return literal is not None and literal.is_loopback

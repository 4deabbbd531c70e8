"""Where a call to a partner may go: https to a public address and nowhere else, whatever a name resolves to."""

import asyncio

import pytest

from forwarding.channels.addresses import AddressRefused, NameUnknown, Target, check, target

PUBLIC = "93.184.215.14"
INWARD = (
    *("10.0.0.1", "172.16.5.4", "192.168.1.1", "127.0.0.1", "127.8.9.1", "169.254.169.254", "0.0.0.1", "100.64.0.1"),
    *("224.0.0.1", "239.1.2.3", "255.255.255.255", "240.0.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "203.0.113.9"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "fec0::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::10.0.0.1"),
    *("2002:7f00:1::", "2001:0:7f00:1::", "64:ff9b:1::a00:1"),
)


def to(url: str, *addresses: str, loopback: bool = False) -> Target:
    async def look_up(host: str, port: int) -> list[str]:
        return list(addresses)

    return asyncio.run(target(url, loopback, look_up))


@pytest.mark.parametrize("address", INWARD)
def test_a_name_that_leads_inward_is_not_called(address: str) -> None:
    with pytest.raises(AddressRefused):
        to("https://partner.example/", address)
    with pytest.raises(AddressRefused):
        to("https://partner.example/", PUBLIC, address)  # one among several is enough


@pytest.mark.parametrize("address", [one for one in INWARD if "%" not in one])
def test_an_address_that_leads_inward_is_refused_before_anything_is_looked_up(address: str) -> None:
    with pytest.raises(AddressRefused):
        check(f"https://[{address}]/" if ":" in address else f"https://{address}/")


@pytest.mark.parametrize(
    "url",
    [
        *("http://partner.example/", "ftp://partner.example/", "file:///etc/passwd", "gopher://partner.example/"),
        *("https://partner.example:8443/", "https://partner.example:80/", "https://partner.example:22/"),
        *("https://localhost/", "https://a.localhost/", "https://db.internal/", "https://printer.local/"),
        *("https://127.1/", "https://0x7f000001/", "https://2130706433/", "https://0177.0.0.1/", "https://127.0.0.1./"),
        *("https://user@partner.example/", "https://user:word@partner.example/", "https://partner.example/#part"),
        *("https:///path", "https://", "partner.example", "//partner.example/", "https://partner.example:99999/"),
        *("https://partner.example/a b", "https://partner.example/\r\nHost: x", "https://partner.example\\@10.0.0.1/"),
        *("https://１２７.0.0.1/", "https://partner.example/" + "a" * 600),
    ],
)
def test_other_schemes_ports_and_ways_of_writing_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        to(url, PUBLIC)


def test_a_public_address_is_called_by_the_address_that_was_judged_under_its_own_name() -> None:
    found = to("https://partner.example/in/box?team=1", PUBLIC)
    assert found == Target("partner.example", 443, PUBLIC, "/in/box?team=1")
    assert (found.url, found.named) == (f"https://{PUBLIC}:443/in/box?team=1", "partner.example")
    assert to("https://partner.example/", f"::ffff:{PUBLIC}").address == PUBLIC
    assert to("https://partner.example", "2606:2800:220:1::1").url == "https://[2606:2800:220:1::1]:443/"


def test_a_name_is_looked_up_once_so_that_one_that_rebinds_gains_nothing() -> None:
    asked: list[str] = []

    async def rebinds(host: str, port: int) -> list[str]:
        asked.append(host)
        return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]

    found = asyncio.run(target("https://partner.example/", False, rebinds))
    assert asked == ["partner.example"]
    assert PUBLIC in found.url
    assert "partner" not in found.url, "a name in the address that is connected to would be looked up again"


def test_a_name_without_an_address_may_have_one_later() -> None:
    with pytest.raises(NameUnknown):
        to("https://partner.example/")


def test_loopback_is_called_only_with_the_permission_for_tests_and_nothing_else_with_it() -> None:
    assert to("https://127.0.0.1:9443/x", loopback=True).url == "https://127.0.0.1:9443/x"
    assert to("https://[::1]:9443/x", loopback=True).named == "[::1]:9443"
    with pytest.raises(AddressRefused):
        to("https://127.0.0.1:9443/x")
    for url in ("https://10.0.0.1/", "https://169.254.169.254/", "https://partner.example:9443/", "http://127.0.0.1/"):
        with pytest.raises(AddressRefused):
            to(url, PUBLIC, loopback=True)

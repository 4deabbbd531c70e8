"""A wire between a worker and the brokers that can be cut: a network namespace where root allows it, else a TCP proxy.

A cut is silent: nothing is refused, bytes just stop coming, as with a pulled cable.
"""

import os
import selectors
import socket
import subprocess
import threading
from contextlib import suppress
from typing import Protocol

from pipeline.kafka.local_broker import free_port


class Wire(Protocol):
    """One worker's way to the brokers."""

    name: str
    prefix: tuple[str, ...]
    """What the worker's command starts with."""

    def listener(self) -> tuple[str, str]:
        """Where a broker must listen for this wire, and what it must tell clients to connect to."""
        ...

    def cut(self) -> None:
        """Nothing passes any more, in either direction."""
        ...

    def join(self) -> None:
        """It passes again."""
        ...

    def close(self) -> None:
        """Take it away."""
        ...


def make_wire(number: int, proxy: bool = False) -> Wire:
    """The best wire that this machine allows."""
    return Proxied(number) if proxy or not may_make_namespaces() else Veth(number)


def may_make_namespaces() -> bool:
    """Whether we may make a network namespace here."""
    probe = f"sp-probe-{os.getpid()}"
    try:
        if subprocess.run(["ip", "netns", "add", probe], capture_output=True, check=False).returncode != 0:
            return False
    except FileNotFoundError:
        return False
    subprocess.run(["ip", "netns", "del", probe], capture_output=True, check=False)
    return True


class Veth:
    """A network namespace for the worker, and a virtual cable to the brokers' address on this side."""

    def __init__(self, number: int) -> None:
        self.name = f"WIRE{number}"
        third = os.getpid() % 250
        self._space = f"sp{os.getpid()}-{number}"
        self._near, far = f"sp{os.getpid() % 100000}n{number}", f"sp{os.getpid() % 100000}f{number}"
        net = f"198.18.{third}.{4 * number}/30"
        near, away = f"198.18.{third}.{4 * number + 1}", f"198.18.{third}.{4 * number + 2}"
        # On the loopback: an address on the cable itself would go down with it.
        self._brokers = f"198.19.{third}.{number + 1}"
        self.prefix: tuple[str, ...] = ("nsenter", f"--net=/run/netns/{self._space}")
        for command in (
            f"netns add {self._space}",
            f"link add {self._near} type veth peer name {far} netns {self._space}",
            f"addr add {near}/30 dev {self._near}",
            f"link set {self._near} up",
            f"-n {self._space} addr add {away}/30 dev {far}",
            f"-n {self._space} link set {far} up",
            f"-n {self._space} link set lo up",
            f"-n {self._space} route add default via {near}",
            f"addr add {self._brokers}/32 dev lo",
            # With the cable down answers must not leave by another door.
            f"route add blackhole {net} metric 9999",
        ):
            _ip(command)
        self._undo = (
            f"route del blackhole {net} metric 9999",
            f"addr del {self._brokers}/32 dev lo",
            f"netns del {self._space}",
            f"link del {self._near}",
        )

    def listener(self) -> tuple[str, str]:
        """The same address for both: the namespace has a route to it."""
        here = f"{self._brokers}:{free_port()}"
        return here, here

    def cut(self) -> None:
        """Pull the cable at our end."""
        _ip(f"link set {self._near} down")

    def join(self) -> None:
        """Plug it in again."""
        _ip(f"link set {self._near} up")

    def close(self) -> None:
        """Remove namespace, cable, address and route."""
        for command in self._undo:
            subprocess.run(["ip", *command.split()], capture_output=True, check=False)


def _ip(command: str) -> None:
    subprocess.run(["ip", *command.split()], capture_output=True, check=True)


class Proxied:
    """A TCP proxy on the loopback for each broker; cut, it takes connections and passes nothing."""

    def __init__(self, number: int) -> None:
        self.name = f"WIRE{number}"
        self.prefix: tuple[str, ...] = ()
        self._joined = threading.Event()
        self._joined.set()
        self._closed = threading.Event()
        self._doors: list[socket.socket] = []

    def listener(self) -> tuple[str, str]:
        """A port of the broker's own behind a door of ours."""
        behind = free_port()
        door = socket.create_server(("127.0.0.1", 0))
        self._doors.append(door)
        threading.Thread(target=self._answer, args=(door, behind), daemon=True).start()
        return f"127.0.0.1:{behind}", f"127.0.0.1:{door.getsockname()[1]}"

    def cut(self) -> None:
        """Pass nothing on."""
        self._joined.clear()

    def join(self) -> None:
        """Pass on again, also what waited."""
        self._joined.set()

    def close(self) -> None:
        """Close every door."""
        self._closed.set()
        self._joined.set()
        for door in self._doors:
            with suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
            door.close()

    def _answer(self, door: socket.socket, behind: int) -> None:
        with suppress(OSError):  # the door was closed
            while not self._closed.is_set():
                caller, _ = door.accept()
                threading.Thread(target=self._pass_on, args=(caller, behind), daemon=True).start()

    def _pass_on(self, caller: socket.socket, behind: int) -> None:
        self._joined.wait()
        with caller, suppress(OSError), socket.create_connection(("127.0.0.1", behind), timeout=5) as broker:
            other = {caller: broker, broker: caller}
            with selectors.DefaultSelector() as ready:
                for end in other:
                    ready.register(end, selectors.EVENT_READ)
                while not self._closed.is_set():
                    for key, _ in ready.select(timeout=0.5):
                        self._joined.wait()
                        end = caller if key.fileobj is caller else broker
                        got = end.recv(65_536)
                        if not got:
                            return
                        other[end].sendall(got)

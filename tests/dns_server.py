"""A small authoritative DNS server on loopback, for tests: real packets over UDP and TCP, a zone that changes any time.

A `Zone` is what DNS says; each `DnsServer` tells it, in a way of its own: rightly, wrongly, late, or not at all.
Several servers of one zone are several resolvers, which need not agree.
"""

import socket
import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

TTL = 1
LONGEST_CHAIN = 8
Records = dict[tuple[str, str], list[str]]


class Zone:
    """Records by name and type; a name of `*.` answers for whatever below it has no records of its own."""

    def __init__(self, records: dict[str, dict[str, str | list[str]]] | None = None) -> None:
        self.records: Records = {}
        # The resolvers that tell this zone, as DNS_RESOLVERS writes them.
        self.servers: list[DnsServer] = []
        for name, types in (records or {}).items():
            for kind, values in types.items():
                self.set(name, kind, *([values] if isinstance(values, str) else values))

    def set(self, name: str, kind: str, *values: str) -> None:
        """These are the records of the name and type from now on; none: there are none. A TXT is written bare."""
        if values:
            self.records = self.records | {(name.lower(), kind): list(values)}
        else:
            self.records = {key: kept for key, kept in self.records.items() if key != (name.lower(), kind)}

    def clear(self, name: str = "") -> None:
        """Nothing is at the name or below it any more; without one, nothing is anywhere."""
        self.records = {
            key: kept
            for key, kept in self.records.items()
            if name and not (key[0] == name.lower() or key[0].endswith(f".{name.lower()}"))
        }

    @property
    def asked(self) -> list[tuple[str, str]]:
        """What was asked of any of its servers, name and type, in the order of the servers."""
        return [question for server in self.servers for question in server.asked]


class DnsServer:
    """Answers on `address` ("127.0.0.1:port", UDP and TCP). What it does may be changed while it runs.

    `fails`: an rcode such as "SERVFAIL" in place of an answer. `silent`: it never answers. `delay`: seconds before each
    answer. `truncates`: over UDP it says to come by TCP. `lies`: records that it tells in place of the zone's; an empty
    list is a lie too.
    """

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self.fails = ""
        self.silent = False
        self.delay = 0.0
        self.truncates = False
        self.lies: Records = {}
        self.asked: list[tuple[str, str]] = []
        self._udp, self._tcp = _bound(self)
        self.port = int(self._udp.server_address[1])

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @contextmanager
    def running(self) -> Iterator["DnsServer"]:
        serving = [
            threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
            for one in (self._udp, self._tcp)
        ]
        for thread in serving:
            thread.start()
        try:
            yield self
        finally:
            for one in (self._udp, self._tcp):
                one.shutdown()
                one.server_close()
            for thread in serving:
                thread.join()

    def answer(self, packet: bytes, *, over_udp: bool) -> bytes | None:
        """What is sent back; None: nothing."""
        question = dns.message.from_wire(packet)
        name = question.question[0].name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.question[0].rdtype)
        self.asked.append((name, kind))
        if self.delay:
            time.sleep(self.delay)
        if self.silent:
            return None
        reply = dns.message.make_response(question, recursion_available=True)
        if self.fails:
            reply.set_rcode(dns.rcode.from_text(self.fails))
            return reply.to_wire()
        reply.flags |= dns.flags.AA
        self._fill(reply, name, kind)
        if over_udp and self.truncates:
            reply.answer = []
            reply.flags |= dns.flags.TC
        return reply.to_wire()

    def _fill(self, reply: dns.message.Message, name: str, kind: str) -> None:
        """With the whole chain of aliases, as a resolver answers."""
        for _ in range(LONGEST_CHAIN):
            if found := self._find(name, kind):
                reply.answer.append(_rrset(name, kind, found))
                return
            alias = self._find(name, "CNAME")
            if not alias:
                break
            reply.answer.append(_rrset(name, "CNAME", alias[:1]))
            name = alias[0].rstrip(".").lower()
        if not self._exists(name):
            reply.set_rcode(dns.rcode.NXDOMAIN)

    def _find(self, name: str, kind: str) -> list[str]:
        records = self.zone.records
        if (name, kind) in self.lies:
            return self.lies[name, kind]
        if any(known == name for known, _ in records):
            return records.get((name, kind), [])
        parent = name
        while "." in parent:
            parent = parent.partition(".")[2]
            if (f"*.{parent}", kind) in records:
                return records[f"*.{parent}", kind]
        return []

    def _exists(self, name: str) -> bool:
        known = {one for one, _ in self.zone.records}
        parents = {name.split(".", count)[-1] for count in range(1, name.count(".") + 1)}
        return name in known or any(one.endswith(f".{name}") for one in known) or bool(
            {f"*.{parent}" for parent in parents} & known
        )  # fmt: skip


def _rrset(name: str, kind: str, values: list[str]) -> dns.rrset.RRset:
    if kind == "TXT":
        values = ['"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values]
    if kind == "CNAME":
        values = [value if value.endswith(".") else f"{value}." for value in values]
    return dns.rrset.from_text_list(f"{name}.", TTL, dns.rdataclass.IN, kind, values)


class _Udp(socketserver.ThreadingUDPServer):
    daemon_threads = True
    block_on_close = False
    teller: DnsServer


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 64
    teller: DnsServer


class _UdpQuestion(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        packet, from_socket = self.request
        with suppress(dns.exception.DNSException, OSError):
            if reply := self.server.teller.answer(packet, over_udp=True):  # type: ignore[attr-defined]
                from_socket.sendto(reply, self.client_address)


class _TcpQuestion(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self) -> None:
        with suppress(dns.exception.DNSException, OSError, struct.error):
            (length,) = struct.unpack("!H", self.rfile.read(2))
            if reply := self.server.teller.answer(self.rfile.read(length), over_udp=False):  # type: ignore[attr-defined]
                self.wfile.write(struct.pack("!H", len(reply)) + reply)


def _bound(server: DnsServer) -> tuple[_Udp, _Tcp]:
    """On one port that is free for both."""
    while True:
        tcp = _Tcp(("127.0.0.1", 0), _TcpQuestion)
        try:
            udp = _Udp(("127.0.0.1", int(tcp.server_address[1])), _UdpQuestion)
        except OSError:
            tcp.server_close()
            continue
        # A burst of questions waits for us, and is not dropped.
        udp.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        tcp.teller = udp.teller = server
        return udp, tcp


@contextmanager
def serving(count: int = 1, records: dict[str, Any] | None = None) -> Iterator[Zone]:
    """A zone that `count` servers tell: `zone.servers[0].address` is for DNS_RESOLVERS, or for Pebble's -dnsserver."""
    with ExitStack() as running:
        zone = Zone(records)
        zone.servers = [running.enter_context(DnsServer(zone).running()) for _ in range(count)]
        yield zone

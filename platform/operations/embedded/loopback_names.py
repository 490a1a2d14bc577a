"""A program: a DNS server for names below localhost and test, all of which are this machine. Nothing but Python.

    python loopback_names.py PORT

It answers on 127.0.0.1, by UDP and by TCP: an A record for a name of ours, nothing for its other types, and that there
is no such name for all others.
"""

import socketserver
import struct
import sys
import threading

OURS = (b"localhost", b"test")
ADDRESS = b"\x7f\x00\x00\x01"
A, ANY, IN = 1, 255, 1
TTL_SECONDS = 1
NO_SUCH_NAME = 3
# A header's length, and the most labels that a name may have.
HEADER, LABELS = 12, 128


class Malformed(ValueError):
    """Not a question."""


def answer(query: bytes) -> bytes:
    """The reply to a DNS message, both as they are on the wire. Raises Malformed."""
    if len(query) < HEADER:
        raise Malformed
    number, flags, questions = struct.unpack(">HHH", query[:6])
    if flags & 0x8000 or questions != 1:
        raise Malformed
    labels, end = _name(query)
    if len(query) < end + 4:
        raise Malformed
    kind, family = struct.unpack(">HH", query[end : end + 4])
    code, answers = NO_SUCH_NAME, b""
    if labels and labels[-1].lower() in OURS:
        code = 0
        if kind in {A, ANY} and family == IN:
            # The name is where the question has it: a pointer to byte 12.
            answers = struct.pack(">HHHIH", 0xC00C, A, IN, TTL_SECONDS, len(ADDRESS)) + ADDRESS
    # An answer, with authority, recursion as it was asked for and offered.
    head = struct.pack(">HHHHHH", number, 0x8480 | flags & 0x7900 | code, 1, 1 if answers else 0, 0, 0)
    return head + query[HEADER : end + 4] + answers


def _name(query: bytes) -> tuple[list[bytes], int]:
    labels, at = list[bytes](), HEADER
    while len(labels) < LABELS and at < len(query):
        length = query[at]
        if length == 0:
            return labels, at + 1
        if length > 63:
            break
        labels.append(query[at + 1 : at + 1 + length])
        at += 1 + length
    raise Malformed


class ByUdp(socketserver.DatagramRequestHandler):
    def handle(self) -> None:
        try:
            self.wfile.write(answer(self.rfile.read()))
        except Malformed:
            return


class ByTcp(socketserver.StreamRequestHandler):
    timeout = 5

    def handle(self) -> None:
        while len(length := self.rfile.read(2)) == 2:
            try:
                reply = answer(self.rfile.read(int.from_bytes(length, "big")))
            except Malformed:
                return
            self.wfile.write(len(reply).to_bytes(2, "big") + reply)


class Udp(socketserver.ThreadingUDPServer):
    daemon_threads = True


class Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True


if __name__ == "__main__":
    where = ("127.0.0.1", int(sys.argv[1]))
    with Udp(where, ByUdp) as udp, Tcp(where, ByTcp) as tcp:
        threading.Thread(target=udp.serve_forever, daemon=True).start()
        tcp.serve_forever()

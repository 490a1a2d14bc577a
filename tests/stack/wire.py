"""HTTP/1.1 by hand on a kept connection: any Host, any header, and every byte of the answer accounted for."""

import socket
from dataclasses import dataclass
from typing import BinaryIO, Self, cast

PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: `headers` are as they are sent, the Host among them."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]

    def wire(self) -> bytes:
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in self.headers)]
        length = ["Content-Length: 0"] if self.method in {"POST", "PUT"} else []
        return "\r\n".join([*lines, *length, "", ""]).encode("latin-1")


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for known, value in self.headers if known == name]


class Wire:
    """One connection to a port of this machine; opened again when the server closes it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None
        self._stream: BinaryIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def ask(self, asked: Asked) -> Answered:
        self.send(asked)
        return self.receive(asked)

    def send(self, asked: Asked) -> None:
        self._connected()
        cast("socket.socket", self._socket).sendall(asked.wire())

    def receive(self, asked: Asked) -> Answered:
        stream = self._connected()
        status = int(stream.readline().split(b" ")[1])
        headers = tuple(self._headers(stream))
        known = dict(headers)
        body = self._body(stream, asked.method, status, known)
        if known.get("connection", "").lower() == "close":
            self.close()
        return Answered(status, headers, body)

    def close(self) -> None:
        for part in (self._stream, self._socket):
            if part:
                part.close()
        self._socket = self._stream = None

    def _connected(self) -> BinaryIO:
        if self._stream is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), PATIENCE)
            self._stream = self._socket.makefile("rb")
        return self._stream

    @staticmethod
    def _headers(stream: BinaryIO) -> list[tuple[str, str]]:
        found = []
        while line := stream.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            found.append((name.lower(), value.strip()))
        return found

    @staticmethod
    def _body(stream: BinaryIO, method: str, status: int, headers: dict[str, str]) -> bytes:
        if method == "HEAD" or status in {204, 304}:
            # A byte of a body here would be read as the next answer's first line, and fail there.
            return b""
        if headers.get("transfer-encoding") != "chunked":
            return stream.read(int(headers.get("content-length", "0")))
        body = b""
        while size := int(stream.readline(), 16):
            body += stream.read(size)
            stream.readline()
        stream.readline()
        return body

"""The edge's document at 10,000 and 50,000 names: what following it costs, and how soon a new name is served."""

import base64
import os
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, at_most
from benchmarks.part import report

FEWER, MANY = 10_000, 50_000
POLLS, CHANGES, ADDED = 50, 5, 3
TOKEN = "x" * 32


def measure() -> list[Figure]:
    figures = []
    add_names(0, FEWER, real=True)
    figures += following(FEWER)
    figures += serving()
    add_names(FEWER, MANY, real=False)
    return [*figures, *following(MANY)]


def name_of(number: int) -> str:
    return f"title{number}.example.com"


def add_names(first: int, end: int, *, real: bool) -> None:
    """Sites with certificates: `real` ones, or random text of their size."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_site (domain, name) SELECT 'title' || n || '.example.com', 'Title ' || n "
            "FROM generate_series(%s::int, %s::int) n",
            [first, end - 1],
        )
        with cursor.copy(
            "COPY domains_certificate (name, chain, key, serial, issuer, not_before, not_after, renew_at) FROM STDIN"
        ) as rows:
            for number in range(first, end):
                rows.write_row(_row(name_of(number), real=real))
        cursor.execute("ANALYZE")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM domains_certificate")


def following(names: int) -> list[Figure]:
    """CPU of the process that serves the document."""
    from django.db import connection

    from operations.edge.document import Document
    from sites_core.directory import directory

    document = Document()
    directory.forget()
    first = spent(document.refresh)
    weight = len(document.body())
    unchanged = median(spent(document.refresh) for _ in range(POLLS))
    renewed, added = [], []
    for turn in range(CHANGES):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE domains_certificate SET chain = chain || ' ' WHERE name = %s", [name_of(turn * 7 + 1)]
            )
        renewed.append(spent(document.refresh))
        add_name(f"new{names}-{turn}.example.com")
        directory.expire()
        added.append(spent(document.refresh))
    return [
        Figure(f"the edge's document of {names:,} names: made in", f"{first:.1f} s of CPU, {weight / 1e6:.1f} MB gzip"),
        at_most("… asked for again when nothing changed", unchanged * 1000, 5, "ms of CPU"),
        at_most("… when a certificate was renewed", median(renewed), 0.5, "s of CPU"),
        at_most("… when a name was added, the map of names read anew with it", median(added), 1, "s of CPU"),
    ]


def serving() -> list[Figure]:
    """A name that is added while 10,000 others are asked for, through gunicorn and Traefik."""
    with tempfile.TemporaryDirectory(prefix="masthead-bench-") as folder, edge(Path(folder)) as port:
        until(lambda: is_served(port, name_of(1)))
        failed, asked = [], [0]
        ending = threading.Event()

        def ask_others() -> None:
            while not ending.is_set():
                asked[0] += 1
                name = name_of(asked[0] * 37 % FEWER)
                if not is_served(port, name):
                    failed.append(name)

        asking = threading.Thread(target=ask_others)
        asking.start()
        # Ten seconds apart, above 5,000 names.
        seconds = [added_in(port, f"added{turn}.example.com") for turn in range(ADDED)]
        ending.set()
        asking.join()
    shown = ", ".join(f"{one:.1f}" for one in seconds)
    return [
        Figure(f"a name with its certificate added to {FEWER:,}: served after", f"{shown} s"),
        at_most(f"… failed among {asked[0]:,} handshakes of other names meanwhile", len(failed), 0, "handshakes"),
    ]


def added_in(port: int, name: str) -> float:
    began = time.monotonic()
    add_name(name)
    until(lambda: is_served(port, name))
    return time.monotonic() - began


def add_name(name: str) -> None:
    from django.contrib.sites.models import Site
    from django.db import connection

    Site.objects.create(domain=name, name=name[:50])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO domains_certificate (name, chain, key, serial, issuer, not_before, not_after, renew_at) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            _row(name, real=True),
        )


@contextmanager
def edge(folder: Path) -> Iterator[int]:
    """gunicorn and Traefik with TLS; the port of HTTPS."""
    from django.conf import settings

    from operations.embedded import application
    from operations.embedded import edge as embedded
    from operations.embedded.child import Child
    from operations.embedded.ports import free, listen
    from operations.embedded.programs import find

    traefik = find("traefik")
    if traefik is None:
        raise SystemExit("traefik is not installed")
    port, tls_port, metrics_port = free(3)
    with listen(0) as listener:
        served = application.service(
            application.Share(application.GUNICORN, frozenset({"reader", "ops"})), checkout=settings.ROOT,
            listener=listener, internal_host=f"internal.{settings.PLATFORM_DOMAIN}", environment={"EDGE_TOKEN": TOKEN},
        )  # fmt: skip
        tls = embedded.Tls(tls_port, TOKEN, metrics_port)
        routed = embedded.service(
            traefik, files=settings.ROOT / "traefik", folder=folder, port=port,
            platform_domain=str(settings.PLATFORM_DOMAIN), application=listener.getsockname()[1], tls=tls,
        )  # fmt: skip
        children = []
        try:
            for service in (served, routed):
                children.append(Child(service, folder / f"{service.name}.log"))
                until(service.ready)
            yield tls_port
        finally:
            for child in children:
                child.kill()


def is_served(port: int, name: str) -> bool:
    """Whether a handshake meets a certificate of the name. What signed it is nobody's business here."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
            context.wrap_socket(plain, server_hostname=name) as secured,
        ):
            return name.encode() in (secured.getpeercert(binary_form=True) or b"")
    except OSError:
        return False


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not happened():
        if time.monotonic() > deadline:
            raise SystemExit("The edge does not serve what it should.")
        time.sleep(0.05)


def spent(does: Callable[[], object]) -> float:
    began = time.process_time()
    does()
    return time.process_time() - began


def _row(name: str, *, real: bool) -> tuple[str | bytes | datetime, ...]:
    from operations.edge.pairs import PURPOSE
    from sites_core.sealing import seal

    chain, key = _pair(name) if real else (_filler("CERTIFICATE", 640), _filler("PRIVATE KEY", 140).encode())
    now = datetime.now(UTC)
    later = now + timedelta(days=90)
    return name, chain, seal(PURPOSE, key), os.urandom(8).hex(), "bench", now, later, now + timedelta(days=60)


def _filler(label: str, size: int) -> str:
    return f"-----BEGIN {label}-----\n{base64.encodebytes(os.urandom(size)).decode()}-----END {label}-----\n"


def _pair(name: str) -> tuple[str, bytes]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=90))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode(), key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


if __name__ == "__main__":
    report(measure)

"""The certificate authority of the tests: the real Pebble, with a directory of its own behind TLS of its own."""

import ipaddress
import json
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from operations.embedded.ports import listen

PROGRAM = shutil.which("pebble")
needs_pebble = pytest.mark.skipif(PROGRAM is None, reason="pebble is not installed")
PATIENCE = 30.0


@dataclass
class Pebble:
    """A running one. `bundle`: the file with the root of its directory's certificate, and no other."""

    port: int
    bundle: Path
    certificate: Path
    key: Path
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def directory(self) -> str:
        return f"https://127.0.0.1:{self.port}/dir"


def free_port() -> int:
    with listen(0) as found:
        port: int = found.getsockname()[1]
    return port


@contextmanager
def running_pebble(folder: Path, *, dns: str, http_port: int, port: int = 0, **options: str) -> Iterator[Pebble]:
    """Pebble, quick and steady unless `options` (its environment) say otherwise."""
    certificate, key, root = directory_certificate(folder)
    pebble = Pebble(port or free_port(), root, certificate, key)
    config = folder / "pebble.json"
    config.write_text(
        json.dumps(
            {
                "pebble": {
                    "listenAddress": f"127.0.0.1:{pebble.port}",
                    "managementListenAddress": "",
                    "certificate": str(certificate),
                    "privateKey": str(key),
                    "httpPort": http_port,
                    "tlsPort": free_port(),
                    "ocspResponderURL": "",
                    "externalAccountBindingRequired": False,
                }
            }
        )
    )
    environment = os.environ | {"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0"} | options
    assert PROGRAM
    with (folder / "pebble.log").open("wb") as log:
        pebble.process = subprocess.Popen(
            [PROGRAM, "-config", str(config), "-dnsserver", dns], env=environment, stdout=log, stderr=log
        )
    try:
        _wait_for(pebble)
        yield pebble
    finally:
        pebble.process.kill()
        pebble.process.wait()


def _wait_for(pebble: Pebble) -> None:
    deadline = time.monotonic() + PATIENCE
    trusting = ssl.create_default_context(cafile=str(pebble.bundle))
    while True:
        try:
            with urlopen(pebble.directory, context=trusting, timeout=5):  # noqa: S310 -- it is https:
                return
        except (URLError, OSError):
            assert time.monotonic() < deadline, "Pebble does not answer."
            assert pebble.process is not None
            assert pebble.process.poll() is None, "Pebble has ended."
            time.sleep(0.05)


def directory_certificate(folder: Path) -> tuple[Path, Path, Path]:
    """For 127.0.0.1: the certificate, its key, and the root to trust."""
    root_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = signed("A test's root", root_key.public_key(), "A test's root", root_key, is_root=True)
    leaf = signed("A test's directory", leaf_key.public_key(), "A test's root", root_key, names=["127.0.0.1"])
    files = folder / "directory.pem", folder / "directory.key", folder / "root.pem"
    files[0].write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(pem_of(leaf_key))
    files[2].write_bytes(root.public_bytes(serialization.Encoding.PEM))
    return files


def pem_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def signed(
    subject: str,
    public_key: ec.EllipticCurvePublicKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    names: list[str] | None = None,
    is_root: bool = False,
    not_before: datetime | None = None,
    life: timedelta = timedelta(days=90),
) -> x509.Certificate:
    """A certificate of our own making, for names or addresses."""
    begins = not_before or datetime.now(UTC) - timedelta(minutes=5)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + life)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
    )
    if names:
        alternatives = [_alternative(name) for name in names]
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def certificate_of(
    name: str, *, not_before: datetime | None = None, life: timedelta = timedelta(days=90)
) -> tuple[str, bytes]:
    """A chain of two and a key for the name, both in PEM, as an authority would have made them."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = signed("Root", root_key.public_key(), "Root", root_key, is_root=True)
    leaf = signed(name, key.public_key(), "Root", root_key, names=[name], not_before=not_before, life=life)
    chain = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (leaf, root))
    return chain.decode(), pem_of(key)


def refuses_connections(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0

"""Pebble, the certificate authority for this machine alone: Let's Encrypt's own small one, for trying things out.

It proves names as a real one does, by asking for them in plain HTTP; only whom it asks about addresses is ours
(loopback_names), since names below localhost are in no DNS.
"""

import json
import ssl
import sys
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from operations.embedded.child import Service
from operations.embedded.ports import HOST, accepts

NO_PEBBLE = (
    "Pebble, the certificate authority for trying things out, is not here: install it (Debian's package is called "
    "pebble; others get it from github.com/letsencrypt/pebble), or go without TLS."
)
LOOPBACK_NAMES = Path(__file__).with_name("loopback_names.py")
# Of what Pebble signs, like the real one.
VALID_SECONDS = 90 * 24 * 60 * 60


@dataclass(frozen=True)
class Authority:
    """Pebble's files below `folder`, and its ports: for ACME, for asking for its root, and for names."""

    folder: Path
    port: int
    management_port: int
    names_port: int

    @property
    def directory(self) -> str:
        return f"https://{HOST}:{self.port}/dir"

    @property
    def bundle(self) -> Path:
        """What to trust in order to speak with Pebble itself."""
        return self.folder / "pebble-itself.pem"

    @property
    def roots(self) -> Path:
        """The roots of what it signed, those of former runs too: it makes a new one each time that it starts."""
        return self.folder / "roots.pem"

    def prepare(self, *, http_port: int, tls_port: int) -> None:
        """Write its configuration and a certificate of its own."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        key = self.folder / "pebble-itself.key"
        _self_signed(self.bundle, key)
        settings = {
            "listenAddress": f"{HOST}:{self.port}",
            "managementListenAddress": f"{HOST}:{self.management_port}",
            "certificate": str(self.bundle),
            "privateKey": str(key),
            "httpPort": http_port,
            "tlsPort": tls_port,
            "certificateValidityPeriod": VALID_SECONDS,
        }
        (self.folder / "pebble.json").write_text(json.dumps({"pebble": settings}, indent=2))

    def names(self) -> Service:
        """The resolver that Pebble asks."""
        return Service(
            name="loopback-names",
            command=[sys.executable, "-IS", LOOPBACK_NAMES, str(self.names_port)],
            ready=lambda: accepts(self.names_port),
        )

    def service(self, program: Path) -> Service:
        return Service(
            name="pebble",
            command=[
                program, "-config", self.folder / "pebble.json", "-dnsserver", f"{HOST}:{self.names_port}",
            ],
            environment={"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0"},
            ready=self._has_given_its_root,
        )  # fmt: skip

    def _has_given_its_root(self) -> bool:
        if not accepts(self.management_port):
            return False
        trusted = ssl.create_default_context(cafile=str(self.bundle))
        with suppress(OSError):
            url = f"https://{HOST}:{self.management_port}/roots/0"
            with urllib.request.urlopen(url, timeout=2, context=trusted) as answer:
                self._keep(answer.read().decode("ascii"))
            return True
        return False

    def _keep(self, root: str) -> None:
        known = self.roots.read_text() if self.roots.exists() else ""
        if root not in known:
            # The newest first: some programs take but one out of a file.
            self.roots.write_text(root.rstrip() + "\n" + known)


def _self_signed(certificate: Path, key_file: Path) -> None:
    """A certificate for the loopback address, made anew with each run."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Masthead's Pebble")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address(HOST))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    key_file.touch(mode=0o600)
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))

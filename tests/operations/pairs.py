"""Certificates of an authority that nobody but the tests trusts."""

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from domains.certificates.storing import store
from domains.models import Certificate

AUTHORITY = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "The tests' authority")])


@cache
def authority() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    made = _begun(AUTHORITY, key).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return made.sign(key, hashes.SHA256()), key


def root() -> str:
    """What trusts them, in PEM."""
    return authority()[0].public_bytes(serialization.Encoding.PEM).decode()


def pair(name: str) -> tuple[str, bytes]:
    """A new certificate of the name and its key, in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    made = _begun(subject, key).add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    chain = made.sign(authority()[1], hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    return chain, key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def certify(name: str) -> Certificate:
    """Put a new certificate of the name into the database."""
    chain, key = pair(name)
    return store(name=name, chain_pem=chain, key_pem=key)


def _begun(subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(AUTHORITY)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=90))
    )

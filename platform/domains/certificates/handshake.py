"""What the edge serves is seen as a browser would see it: by a handshake."""

import logging
import socket
import ssl

from cryptography import x509
from django.conf import settings

from domains.certificates.storing import serial_of
from domains.certificates.wanted import below_wildcard
from domains.models import Certificate

log = logging.getLogger(__name__)

SECONDS = 5


def served(name: str) -> bool:
    """Whether the edge serves the newest certificate of the name, its own or the wildcard's.

    True where there is nothing to ask: EDGE_TLS_ADDRESS is empty.
    """
    if not settings.EDGE_TLS_ADDRESS:
        return True
    names = [name, f"*.{settings.SITES_DOMAIN}"] if below_wildcard(name) else [name]
    known = set(Certificate.objects.filter(name__in=names).values_list("serial", flat=True))
    return bool(known) and serial_met(name) in known


def serial_met(name: str) -> str | None:
    """The serial of the certificate that the edge shows for the name, in hexadecimal digits; None: no handshake."""
    host, _, port = settings.EDGE_TLS_ADDRESS.rpartition(":")
    # Which certificate it is says its serial; whether it is a good one was asked when it was stored.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS) as raw,
            context.wrap_socket(raw, server_hostname=name) as connection,
        ):
            shown = connection.getpeercert(binary_form=True)
    except (OSError, ValueError) as error:
        log.info("No handshake with the edge for %s: %s", name, error)
        return None
    return serial_of(x509.load_der_x509_certificate(shown)) if shown else None

"""What browsers are told that a page may do: show styles, fonts and pictures of its own site, and nothing else."""

import re

from publishing.providers import HOSTS

# No script can run, whatever came into a body; what may be connected to is asked for by tools that read a page's
# robots.txt from within it.
_CONTENT = (
    "default-src 'none'; style-src 'self'; img-src 'self'{more}; font-src 'self'; manifest-src 'self'; "
    "connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
CONTENT_POLICY = _CONTENT.format(more="")
# Of an article with pictures that lie elsewhere, as imported ones have, so many hosts are named; with more, any may be
# asked.
MOST_HOSTS = 8
WITH_REMOTE_PICTURES = _CONTENT.format(more=" https:")

# Of what browsers know, all that would ask a reader for something or tell others about one. What a browser does not
# know, it complains of on every page.
_SWITCHED_OFF = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "gamepad",
    "geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection", "local-fonts", "magnetometer",
    "microphone", "midi", "payment", "private-state-token-issuance", "private-state-token-redemption",
    "publickey-credentials-create", "publickey-credentials-get", "screen-wake-lock", "serial", "storage-access", "usb",
    "window-management", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in _SWITCHED_OFF)

# The sanitiser writes every attribute in double quotes, and escapes each "<" that is not a tag's.
_REMOTE_PICTURE = re.compile(r'<img\b(?:[^<>"]|"[^"]*")*? src="(?:https?:)?//([^"/?#]*)', re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9.-]+(?::[0-9]+)?")
_FRAME = re.compile(r'<iframe src="https://([a-z0-9.-]+)/')


def content_policy(html: str) -> str:
    """The policy for a page that shows this body, which must come from the sanitiser and be finished."""
    # Most have neither, which is told at once.
    policy = _with_pictures(html) if "<img" in html else CONTENT_POLICY
    return f"{policy}{_frames(html)}" if "<iframe" in html else policy


def _with_pictures(html: str) -> str:
    hosts = {host.lower() for host in _REMOTE_PICTURE.findall(html)}
    if not hosts:
        return CONTENT_POLICY
    if len(hosts) > MOST_HOSTS or not all(map(_HOST.fullmatch, hosts)):
        return WITH_REMOTE_PICTURES
    return _CONTENT.format(more="".join(f" https://{host}" for host in sorted(hosts)))


def _frames(html: str) -> str:
    """Of what is shown from elsewhere, the hosts; of none that is not on the list."""
    hosts = HOSTS.intersection(_FRAME.findall(html))
    return f"; frame-src {' '.join(f'https://{host}' for host in sorted(hosts))}" if hosts else ""

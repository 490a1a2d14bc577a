"""Pictures whose name or type says that they are something else. What they are decides."""

from collections.abc import Iterator

from tests.studio.hostile_files.sent import Sent, picture

NAMES = {
    "page.html": "text/html", "page.svg": "image/svg+xml", "script.js": "text/javascript",
    "shell.php": "application/x-php", "photo.jpg.php": "image/jpeg",
    "photo.png.html": "image/png", "no suffix": "", "photo.": "image/x-unknown",
    "photo.EXE": "application/octet-stream", "photo.gif": "image/svg+xml",
}  # fmt: skip


def files() -> Iterator[Sent]:
    for kind, (name, content_type) in zip(["PNG", "JPEG", "WEBP", "GIF", "AVIF"] * 2, NAMES.items(), strict=True):
        yield Sent(f"{kind} called {name}, {content_type}", picture(kind), "kept", name, content_type)
    for kind in ("BMP", "TIFF", "ICO", "PPM"):
        yield Sent(f"{kind} called JPEG", picture(kind, (32, 32)), "refused", "photo.jpg", "image/jpeg")

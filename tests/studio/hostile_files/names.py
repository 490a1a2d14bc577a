"""A good picture under names that want to be somewhere or something else. Each is a picture of its own."""

from collections.abc import Iterator

from tests.studio.hostile_files.sent import Sent, picture

NAMES = [
    "../../../etc/passwd.png", "..\\..\\windows\\win.ini.png", "/etc/cron.d/x.png", "C:\\photo.png", "C:photo.png",
    "CON", "NUL.png", "aux.png", "photo.png:stream", "a/b/c/photo.png", "....//photo.png", "~root.png", "-rf.png",
    "\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe", "photo\N{ZERO WIDTH SPACE}.png", "\N{LEFT-TO-RIGHT ISOLATE}a.png",
    "tab\there.png", "bell\x07.png", "escape\x1b[31m.png", "line\u2028break.png", "\N{BYTE ORDER MARK}photo.png",
    "<script>alert(1)</script>.png", '"><img src=x onerror=alert(1)>.png', "{{ 7*7 }}.png", "${7*7}.png", "%00.png",
    "photo.png%00.html", "photo%2e%2e%2f.png", "&lt;b&gt;.png", "'; DROP TABLE publishing_image; --.png",
    "a" * 250 + ".png", "ü" * 150 + ".png", "写真.png", "😀" * 70 + ".png", "ﷺ.png", "e\u0301" * 90 + ".png", " .png",
    ".htaccess", "web.config", "photo.png ", "   ", ".", "..", "...",
]  # fmt: skip


def files() -> Iterator[Sent]:
    for number, name in enumerate(NAMES):
        yield Sent(f"called {name[:60]!r}", picture(size=(20 + number, 20)), "either", name)

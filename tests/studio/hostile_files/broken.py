"""Pictures that end too early, and pictures with a hole: at many places, in every format."""

from collections.abc import Iterator

from tests.studio.hostile_files.sent import Sent, picture

KINDS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")


def files() -> Iterator[Sent]:
    yield Sent("nothing at all", b"")
    for kind in KINDS:
        whole = picture(kind, (64, 48))
        name, content_type = f"photo.{kind.lower()}", f"image/{kind.lower()}"
        for length in (1, 4, 11, 30):
            yield Sent(f"{kind}, the first {length} bytes", whole[:length], "refused", name, content_type)
        for tenths in (3, 5, 7, 9):
            cut = whole[: len(whole) * tenths // 10]
            yield Sent(f"{kind}, {tenths} tenths of it", cut, "either", name, content_type)
        for tenths in range(1, 10):
            at = len(whole) * tenths // 10
            hole = whole[:at] + bytes(12) + whole[at + 12 :]
            yield Sent(f"{kind} with a hole after {tenths} tenths", hole, "either", name, content_type)
        noise = bytes(byte ^ 0x5A if at % 7 == 3 else byte for at, byte in enumerate(whole))
        yield Sent(f"{kind} with every seventh byte turned", noise, "either", name, content_type)

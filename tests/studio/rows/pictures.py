from typing import Any

from django.contrib.sites.models import Site

from publishing.models import Article, Image
from tests.cast import House
from tests.studio.rows.row import EVERY_MEMBER, READ_ONLY, Row, row

# Without a file: what arrives is refused, once it is known that one may send it at all.
NOTHING_SENT = row(302, 400, 400, 400, 403, 400, 404, 404)
CHANGED = row(302, 302, 302, 302, 403, 302, 404, 404)
# There is a row and no file: tests of the area show what is there.
NO_FILE = row(302, 404, 404, 404, 404, 404, 404, 404)

ROWS = {
    "media": Row(EVERY_MEMBER, READ_ONLY),
    "media-choose": Row(EVERY_MEMBER, READ_ONLY),
    "media-file": Row(NO_FILE, READ_ONLY),
    "media-upload": Row(READ_ONLY, NOTHING_SENT),
    "media-image": Row(EVERY_MEMBER, CHANGED, {"alt": "A harbour", "focus_x": 30, "focus_y": 70}),
    "media-replace": Row(READ_ONLY, NOTHING_SENT),
    "media-forget": Row(READ_ONLY, CHANGED),
    "media-delete": Row(READ_ONLY, CHANGED),
}


def objects(house: House, article: Article, site: Site, slug: str) -> dict[str, Any]:
    digest = slug.encode().hex().ljust(64, "0")[:64]
    image = Image.objects.create(tenant=house.tenant, digest=digest, name=slug, width=9, height=9, widths=[9])
    return {"image_id": image.pk, "picture_file": f"{image.stem}-9.webp"}

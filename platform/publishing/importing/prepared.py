"""A post made ready for its rows: pictures stored, body rendered, topics and bylines found."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from publishing import images
from publishing.bodies import Body, plain, render
from publishing.importing import image_refs
from publishing.importing.ahead import Ready, local_images
from publishing.importing.post import ImageRef, Post
from publishing.importing.terms import Terms
from publishing.models import Byline, Image, Topic
from tenants.models import Tenant

SUMMARY_LENGTH = 280
BODY_IMAGE_WIDTH = 960


@dataclass(frozen=True, slots=True)
class Prepared:
    """`fields` are those of Article that come from the post; `lost` are warnings about its pictures."""

    post: Post
    body: Body
    fields: dict[str, Any]
    topics: Sequence[Topic]
    bylines: Sequence[Byline]
    lost: tuple[str, ...]


def prepare(one: Ready, *, tenant: Tenant, terms: Terms) -> Prepared:
    """Stores pictures and terms, so it belongs into the transaction."""
    lost: list[str] = []
    post = _with_pictures(one.post, tenant, lost)
    body = one.body or render(post.body, post.body_format, images.shown_in(tenant.pk, post.body))
    fields: dict[str, Any] = {
        "kind": post.kind,
        "title": post.title[:300],
        "summary": post.summary or plain.opening(body.html, SUMMARY_LENGTH),
        "body": post.body,
        "body_format": post.body_format,
        "language": (post.language or "")[:12],
        "source_digest": one.digest,
    }
    if post.lead_image and (lead := _stored(post.lead_image, tenant, lost)):
        fields["lead_image"] = lead
    return Prepared(post, body, fields, terms.topics(post.topics), terms.bylines(post.bylines), tuple(lost))


def _with_pictures(post: Post, tenant: Tenant, lost: list[str]) -> Post:
    urls: dict[str, str | None] = {}
    for ref in local_images(post):
        stored = _stored(ref, tenant, lost)
        urls[ref.ref] = stored.url_for(BODY_IMAGE_WIDTH) if stored else None
    return replace(post, body=image_refs.addresses(post.body, post.body_format, urls)) if urls else post


def _stored(ref: ImageRef, tenant: Tenant, lost: list[str]) -> Image | None:
    if ref.path is None:
        return None
    try:
        if (size := ref.path.stat().st_size) > images.MOST_BYTES:
            raise images.RefusedImage(images.too_large(ref.path.name, size))
        return images.store(tenant, ref.path.read_bytes(), name=ref.path.name, alt=ref.alt)
    except images.RefusedImage as error:
        lost.append(str(error))
        return None

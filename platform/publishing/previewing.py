"""Deeds on previews: make, keep, share, revoke. A preview is a page as it would be, where nobody can guess.

Nothing that a preview shows is written where readers could meet it: what is not stored yet is kept with the preview,
checked and sanitised here as if it were stored, and the reader's front puts it in the place of what is
(`reading.previewing`). So opening one changes nothing and waits for nobody.

An address is good for one site alone, and until it expires. Where only what is stored is to be seen, the address says
all of it, signed, and no row is needed; everything else is a row, of whose address the database has but a digest.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from publishing.models import Article, Preview
from sites_core.previews import preview_origin
from tenants.models import Ownership, Tenant, User
from tenants.scope import across_tenants, of_site

HOUR = timedelta(hours=1)
LONGEST = timedelta(days=7)
# Of what one person looked at, the latest so many are kept. Of what is shared, a site has so many at a time, and one
# person so many of them, who thus takes nobody else the room.
MOST_OF_ONE, MOST_SHARED, MOST_SHARED_BY_ONE = 20, 50, 20
# Rows that have expired leave so many at a time, with the next one that is made.
_SWEPT = 200

# A number or three, and a signature of 256 bits. It has a dot, which no slug has: no page of a site is called so.
ADDRESS = r"[0-9-]{1,60}\.[A-Za-z0-9_-]{43}"


def make(
    *,
    tenant: Tenant,
    site: Site,
    by: User,
    article: Article | None = None,
    words: Mapping[str, Any] | None = None,
    placed: Mapping[str, Any] | None = None,
    look: Mapping[str, Any] | None = None,
    shared: bool = False,
    lifetime: timedelta = HOUR,
) -> str:
    """The absolute address of a page as it would be on the site. Expects the tenant's scope.

    `words` are an article's fields as they are on the screen: title, summary, body, body_format, kind, language,
    lead_image (primary key or None), topics and bylines (primary keys), and the names of some that are not there yet,
    new_topics and new_bylines; `placed` those of its placement: title, summary, image, section, slug, go_live
    (ISO 8601); `look` columns of the site's Brand by name, and "menus", which has a list of {"label", "url"} for each
    menu by name. What is not named is as it is stored. With words and no article it is an article that is not stored
    yet; with neither, the site's front page.

    Raises ValidationError, in sentences, for what could not be stored so either.
    """
    _refuse_foreign(tenant, site, article)
    if not (words or placed or look or shared):
        return address_of_stored(site=site, article=article, lifetime=lifetime)
    return address(
        keep(
            tenant=tenant, site=site, by=by, article=article, words=words, placed=placed, look=look, shared=shared,
            lifetime=lifetime,
        )
    )  # fmt: skip


def address_of_stored(*, site: Site, article: Article | None = None, lifetime: timedelta = HOUR) -> str:
    """Where the article, or the front page, is seen as it is stored. Both must be of one tenant; nothing is written."""
    _refuse_lifetime(lifetime)
    end = int((timezone.now() + lifetime).timestamp())
    return _address(site.pk, _signer().sign(f"{site.pk}-{article.pk if article else 0}-{end}"))


@transaction.atomic
def keep(
    *,
    tenant: Tenant,
    site: Site,
    by: User,
    article: Article | None = None,
    words: Mapping[str, Any] | None = None,
    placed: Mapping[str, Any] | None = None,
    look: Mapping[str, Any] | None = None,
    shared: bool = False,
    lifetime: timedelta = HOUR,
) -> Preview:
    """What `make` keeps of what is not stored, whose `address` it tells."""
    # Here, so that whoever only opens previews does not load what renders bodies.
    from publishing.previewed import placed_from, styled_from, words_from

    _refuse_foreign(tenant, site, article)
    preview = Preview(
        tenant=tenant,
        site=site,
        article=article,
        words=words_from(tenant, article, words) if words else {},
        placed=placed_from(tenant, site, placed) if placed else {},
        look=styled_from(tenant, site, look) if look else {},
    )
    return _kept(preview, by, lifetime, shared=shared)


@transaction.atomic
def share(*, preview: Preview, by: User, lifetime: timedelta) -> Preview:
    """Another preview of the same, meant for others: it is listed, and can be taken back."""
    same = ("tenant_id", "site_id", "article_id", "words", "placed", "look")
    return _kept(Preview(**{name: getattr(preview, name) for name in same}), by, lifetime, shared=True)


@transaction.atomic
def elsewhere(*, preview: Preview, site: Site, by: User) -> Preview:
    """The same unsaved words as another site would show them."""
    _refuse_foreign(preview.tenant, site, preview.article)
    there = Preview(tenant=preview.tenant, site=site, article=preview.article, words=preview.words)
    return _kept(there, by, HOUR, shared=False)


def revoke(*, preview: Preview) -> None:
    """From now on nothing is at its address."""
    preview.delete()


def address(preview: Preview) -> str:
    """Where a stored preview is; empty where the key that it was signed with is no longer ours."""
    token = _token(preview)
    return _address(preview.site_id, token) if _digest(token) == preview.token_digest else ""


def shared_of(article: Article) -> QuerySet[Preview]:
    """The previews of an article that were meant for others and can still be opened, the latest first."""
    good = Preview.objects.filter(article=article, shared=True, expires_at__gt=timezone.now())
    return good.defer("words", "placed", "look").select_related("site", "made_by").order_by("-pk")


def opened(*, token: str, site_id: int) -> Preview | None:
    """The preview at this address of the site; None for what expired, was revoked, is another site's or never was."""
    preview = _signed(token, site_id)
    if preview is None:
        with of_site(site_id):
            good = Preview.objects.filter(site=site_id, expires_at__gt=timezone.now())
            preview = good.filter(token_digest=_digest(token)).first()
    return preview


def _signed(token: str, site_id: int) -> Preview | None:
    """What a signed address says; it holds as long as the site belongs to whom it belonged."""
    try:
        site, article, seconds = map(int, _signer().unsign(token).split("-"))
    except (BadSignature, ValueError):
        return None
    if site != site_id or seconds <= timezone.now().timestamp():
        return None
    tenant = Ownership.objects.filter(site=site_id).values_list("tenant_id", flat=True).first()
    return Preview(tenant_id=tenant, site_id=site_id, article_id=article or None) if tenant else None


def _kept(preview: Preview, by: User, lifetime: timedelta, *, shared: bool) -> Preview:
    _refuse_lifetime(lifetime)
    preview.shared, preview.made_by = shared, by
    preview.made_at = timezone.now()
    preview.expires_at = preview.made_at + lifetime
    _make_room(preview)
    # Its address is made of its number, which is known afterwards.
    preview.token_digest = secrets.token_hex(32)
    preview.save()
    preview.token_digest = _digest(_token(preview))
    preview.save(update_fields=["token_digest"])
    return preview


def _refuse_foreign(tenant: Tenant, site: Site, article: Article | None) -> None:
    if not Ownership.objects.filter(site=site, tenant=tenant).exists() or (article and article.tenant_id != tenant.pk):
        raise ValidationError("There is no such site or article here.")


def _refuse_lifetime(lifetime: timedelta) -> None:
    if not timedelta(0) < lifetime <= LONGEST:
        raise ValidationError(f"A preview can be looked at for {LONGEST.days} days at most.")


def _make_room(preview: Preview) -> None:
    with across_tenants("what has expired is nobody's any more"):
        expired = Preview.objects.filter(expires_at__lte=timezone.now()).order_by("expires_at")
        Preview.objects.filter(pk__in=list(expired.values_list("pk", flat=True)[:_SWEPT])).delete()
    if preview.shared:
        _refuse_more(preview)
        return
    mine = Preview.objects.filter(made_by=preview.made_by_id, shared=False).order_by("-pk")
    Preview.objects.filter(pk__in=list(mine.values_list("pk", flat=True)[MOST_OF_ONE - 1 :])).delete()


def _refuse_more(preview: Preview) -> None:
    shared = Preview.objects.filter(site=preview.site_id, shared=True)
    if shared.count() >= MOST_SHARED:
        raise ValidationError(
            f"{preview.site.name} has {MOST_SHARED} shared previews already. Take one back that is not needed any more."
        )
    if shared.filter(made_by=preview.made_by_id).count() >= MOST_SHARED_BY_ONE:
        raise ValidationError(
            f"{MOST_SHARED_BY_ONE} previews of {preview.site.name} that you shared can be opened already. Take one "
            "back that is not needed any more."
        )


def _address(site_id: int, token: str) -> str:
    return f"{preview_origin(site_id)}/{token}/"


def _token(preview: Preview) -> str:
    """Made again from the row whenever somebody wants to copy it; by its moment no number means two previews."""
    return _signer().sign(f"{preview.pk}-{preview.made_at.timestamp() * 1_000_000:.0f}")


def _signer() -> Signer:
    return Signer(sep=".", salt="publishing.previewing")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

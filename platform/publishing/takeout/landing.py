"""The deed `land`: a takeout becomes a tenant of this platform, with the same pages under the same or other hosts.

What a takeout says is checked like what a person types: bodies are rendered and sanitised here, pictures must be what
their names say, and the database holds what it always holds. One transaction; its pictures' files come first, since
files without rows are nobody's.
"""

import json
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any
from uuid import UUID
from zipfile import BadZipFile, ZipFile

from django.conf import settings
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import transaction

from publishing.bodies import render
from publishing.images import shown_in
from publishing.importing import front_matter
from publishing.importing.post import Unreadable
from publishing.models import (
    Article,
    ArticleByline,
    ArticleTopic,
    Byline,
    Comment,
    Correction,
    Image,
    Placement,
    Redirect,
    Review,
    Revision,
    Section,
    Topic,
)
from publishing.takeout.layout import (
    ARTICLE,
    BRAND,
    COMMENT,
    FORMAT,
    MEDIA_NAME,
    PLACEMENT,
    REVIEW,
    REVISION,
    NotATakeout,
    Report,
    unheard,
)
from publishing.takeout.pictures import pictures_of, refuse_other
from publishing.writing import byline_links, details_of, topic_links
from sites_core.models import Brand, MenuItem, SiteState
from sites_core.origins import origin
from tenants.adding import add_site
from tenants.models import Membership, MembershipSite, Tenant, User
from tenants.scope import tenant_scope

CHUNK = 200
MOST_BYTES = 64 * 1024 * 1024
"""Of one entry, unpacked; a picture has at most 30 MB and a body two million characters."""
_HEAD = re.compile(r"---\n(.*?\n)---\n", re.DOTALL)


def land(
    *,
    takeout: IO[bytes],
    slug: str = "",
    hosts: Mapping[str, str] | None = None,
    with_people: bool = False,
    report: Report | None = None,
) -> Tenant:
    """A new tenant out of a takeout. `slug` is its name in addresses, if not its old one; `hosts` gives sites other
    hostnames, old to new, and links to them in texts and menus follow. `with_people` adds its members, who get a
    password by “forgotten password”.

    Raises NotATakeout for a file that is none, ValidationError where a name is taken.
    """
    try:
        with ZipFile(takeout) as archive:
            return _Landing(archive, dict(hosts or {}), report or unheard).land(slug, with_people=with_people)
    except BadZipFile as error:
        raise NotATakeout(f"This is no zip file, or it is damaged: {error}.") from error
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, NotATakeout):
            raise
        raise NotATakeout(f"The takeout is damaged: {type(error).__name__} {str(error)[:200]}.") from error


class _Landing:
    def __init__(self, archive: ZipFile, hosts: dict[str, str], report: Report) -> None:
        self.archive, self.report = archive, report
        self.names = archive.namelist()
        about = self._json("takeout.json")
        if about.get("format") != FORMAT:
            raise NotATakeout(f"The takeout is of format {about.get('format')}; this release reads {FORMAT}.")
        self.about = self._json("tenant.json")
        self.domains = [Path(name).stem for name in self._in("sites/", ".json")]
        if unknown := sorted(hosts.keys() - set(self.domains)):
            raise NotATakeout(f"The takeout has no site {', '.join(unknown)}. It has: {', '.join(self.domains)}.")
        self.hosts = {domain: hosts.get(domain, domain) for domain in self.domains}
        self.links = _links_to(self.hosts) if hosts else None
        self.sites: dict[str, Site] = {}
        self.sections: dict[tuple[str, str], Section] = {}
        self.people: dict[str, int] = {}

    def land(self, slug: str, *, with_people: bool) -> Tenant:
        slug = slug or self.about["slug"]
        if Tenant.objects.filter(slug=slug).exists():
            raise ValidationError(f"A tenant “{slug}” exists here already: give the new one another name.")
        with transaction.atomic():
            self.tenant = Tenant(
                slug=slug, name=self.about["name"], needs_approval=bool(self.about["needs_approval"]),
                quota_bytes=int(self.about["quota_bytes"]),
            )  # fmt: skip
            self.tenant.full_clean()  # also: no name that the studio itself has
            self.tenant.save()
            try:
                with tenant_scope(self.tenant):
                    self._add_all(with_people=with_people)
            except BaseException:
                # The rows go by themselves.
                shutil.rmtree(self._media(), ignore_errors=True)
                raise
        return self.tenant

    def _media(self) -> Path:
        return Path(settings.MEDIA_ROOT) / str(self.tenant.pk)

    def _add_all(self, *, with_people: bool) -> None:
        self._add_files()
        rows = pictures_of(self.tenant, self._json("images.json"), self.names)
        self.images = {one.digest: one for one in Image.objects.bulk_create(rows, batch_size=CHUNK)}
        self.topics = {
            one["slug"]: Topic.objects.create(tenant=self.tenant, slug=one["slug"], name=one["name"])
            for one in self.about["topics"]
        }
        self.bylines = {
            one["slug"]: Byline.objects.create(
                tenant=self.tenant,
                slug=one["slug"],
                name=one["name"],
                bio=one["bio"],
                picture=self._image(one["picture"]),
            )
            for one in self.about["bylines"]
        }
        redirects: list[Redirect] = []
        for domain in self.domains:
            redirects += self._add_site(self._json(f"sites/{domain}.json"))
        if with_people:
            self._add_people()
        self.people = dict(User.objects.filter(memberships__tenant=self.tenant).values_list("email", "pk"))
        self._add_articles()
        Redirect.objects.bulk_create(redirects, batch_size=CHUNK)

    # --- What articles need ------------------------------------------------------------------------------------------

    def _add_files(self) -> None:
        folder = self._media()
        folder.mkdir(parents=True, exist_ok=True)
        for name in self._in("media/", ""):
            file_name = name.removeprefix("media/")
            if not MEDIA_NAME.fullmatch(file_name):
                raise NotATakeout(f"“{name}” is no picture of a takeout.")
            data = self._bytes(name)
            refuse_other(file_name, data)
            (folder / file_name).write_bytes(data)

    def _add_site(self, about: dict[str, Any]) -> list[Redirect]:
        domain = about["domain"]
        kept = self.hosts[domain] == domain
        aliases = about["aliases"] if kept else ()
        site = add_site(tenant=self.tenant, domain=self.hosts[domain], name=about["name"], aliases=aliases)
        self.sites[domain] = site
        brand = Brand(site=site, **_values(about["brand"], BRAND))
        brand.full_clean(exclude=["site"])
        brand.save(force_update=True)
        if about["retired_at"]:
            SiteState.objects.filter(site=site).update(retired_at=about["retired_at"])
        for one in about["sections"]:
            self.sections[domain, one["slug"]] = Section.objects.create(tenant=self.tenant, site=site, **one)
        for one in about["menus"]:
            item = MenuItem(site=site, **one | {"url": self._relinked(one["url"])})
            item.full_clean(exclude=["site"])
            item.save()
        return [
            Redirect(tenant=self.tenant, site=site, path=one["path"], target=one["target"])
            for one in about["redirects"]
        ]

    def _add_people(self) -> None:
        for one in self.about["members"]:
            user, is_new = User.objects.get_or_create(email=one["email"].lower(), defaults={"name": one["name"]})
            if is_new:
                user.set_unusable_password()
                user.save(update_fields=["password"])
            limited = one["sites"]
            member = Membership.objects.create(
                user=user, tenant=self.tenant, role=one["role"], all_sites=limited is None
            )
            for domain, role in (limited or {}).items():
                MembershipSite.objects.create(membership=member, tenant=self.tenant, site=self.sites[domain], role=role)

    # --- Articles ----------------------------------------------------------------------------------------------------

    def _add_articles(self) -> None:
        names = self._in("articles/", ".md")
        for start in range(0, len(names), CHUNK):
            chunk = names[start : start + CHUNK]
            heads = [self._read(name) for name in chunk]
            articles = Article.objects.bulk_create(self._article(head, body) for head, body in heads)
            for name, article, (head, _) in zip(chunk, articles, heads, strict=True):
                self._add_beside(article, head, self._json(f"history/{Path(name).stem}.json"))
            self.report(start + len(chunk), len(names))

    def _read(self, name: str) -> tuple[dict[str, Any], str]:
        text = self._bytes(name).decode()
        head = _HEAD.match(text)
        if head is None:
            raise NotATakeout(f"{name} has no front matter.")
        try:
            fields = front_matter.parsed(head[1], "yaml")
        except Unreadable as error:
            raise NotATakeout(f"{name}: {error}") from error
        if not isinstance(fields, dict):
            raise NotATakeout(f"{name} has no front matter.")
        return fields, self._relinked(text[head.end() :])

    def _article(self, head: dict[str, Any], body: str) -> Article:
        made = render(body, head["body_format"], shown_in(self.tenant.pk, body))
        article = Article(
            tenant=self.tenant, body=body, html=made.html, text=made.text, word_count=made.word_count,
            lead_image=self._image(head["lead_image"]), written_by_id=self.people.get(head["written_by"]),
            **_values(head, ARTICLE),
        )  # fmt: skip
        article.full_clean(
            exclude=["tenant", "lead_image", "written_by"], validate_unique=False, validate_constraints=False
        )
        return article

    def _add_beside(self, article: Article, head: dict[str, Any], history: dict[str, Any]) -> None:
        topics = [self.topics[slug] for slug in head["topics"]]
        bylines = [self.bylines[slug] for slug in head["bylines"]]
        ArticleTopic.objects.bulk_create(topic_links(article, topics))
        ArticleByline.objects.bulk_create(byline_links(article, bylines))
        Correction.objects.bulk_create(
            Correction(tenant=self.tenant, article=article, note=one["note"], noted_at=one["noted_at"])
            for one in head["corrections"]
        )
        Revision.objects.bulk_create(self._revision(article, one) for one in history["revisions"])
        Review.objects.bulk_create(self._review(article, one) for one in history["reviews"])
        self._add_comments(article, history["comments"])
        for one in head["placements"]:
            self._placement(article, one).save()

    def _placement(self, article: Article, one: dict[str, Any]) -> Placement:
        return Placement(
            tenant=self.tenant, article=article, site=self.sites[one["site"]],
            section=self.sections.get((one["site"], one["section"])), image=self._image(one["image"]),
            feed_id=UUID(one["feed_id"]), **_values(one, PLACEMENT),
        )  # fmt: skip

    def _revision(self, article: Article, one: dict[str, Any]) -> Revision:
        return Revision(
            tenant=self.tenant, article=article, made_by_id=self.people.get(one["made_by"]),
            details=self._details(one["details"]), **_values(one, REVISION),
        )  # fmt: skip

    def _details(self, named: dict[str, Any]) -> dict[str, Any]:
        if not named:
            return {}
        topics = [self.topics[slug] for slug in named["topics"] if slug in self.topics]
        bylines = [self.bylines[slug] for slug in named["bylines"] if slug in self.bylines]
        as_it_was = Article(language=named["language"], lead_image=self._image(named["lead_image"]))
        return details_of(as_it_was, topics, bylines)

    def _review(self, article: Article, one: dict[str, Any]) -> Review:
        people = {f"{who}_id": self.people.get(one[who]) for who in ("asked_by", "asked_of", "answered_by")}
        return Review(tenant=self.tenant, article=article, **people, **_values(one, REVIEW))

    def _add_comments(self, article: Article, listed: Sequence[dict[str, Any]]) -> None:
        made: list[Comment] = []
        for one in listed:
            parent = made[one["answers"]] if one["answers"] is not None else None
            made.append(
                Comment.objects.create(
                    tenant=self.tenant, article=article, parent=parent, user_id=self.people.get(one["user"]),
                    resolved_by_id=self.people.get(one["resolved_by"]), **_values(one, COMMENT),
                )
            )  # fmt: skip

    # --- Reading -----------------------------------------------------------------------------------------------------

    def _image(self, digest: str | None) -> Image | None:
        return self.images.get(digest) if digest else None

    def _relinked(self, text: str) -> str:
        return self.links(text) if self.links else text

    def _in(self, folder: str, suffix: str) -> list[str]:
        return sorted(
            name for name in self.names if name.startswith(folder) and name.endswith(suffix) and name != folder
        )

    def _json(self, name: str) -> Any:
        return json.loads(self._bytes(name))

    def _bytes(self, name: str) -> bytes:
        if name not in self.names:
            raise NotATakeout(f"The takeout lacks {name}.")
        with self.archive.open(name) as entry:
            # By what comes out and not by what the entry says of itself: a bomb says little.
            data = entry.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise NotATakeout(f"{name} has more than {MOST_BYTES // 1024 // 1024} MB.")
        return data


def _links_to(hosts: Mapping[str, str]) -> Callable[[str], str]:
    """What gives absolute links to the old hosts the new ones, whatever scheme and port they had."""
    old = "|".join(re.escape(host) for host in sorted(hosts, key=len, reverse=True))
    link = re.compile(rf"https?://({old})(?::[0-9]+)?(?![\w.:-])", re.IGNORECASE)
    return lambda text: link.sub(lambda found: origin(hosts[found[1].lower()]), text)


def _values(about: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: about[name] for name in names}

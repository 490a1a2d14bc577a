"""All snippets stored, by the deeds that store what people write, wherever people write; and the pages that show them.

Everything is asked for before a browser starts: while one runs, Django refuses queries in its thread.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.contrib.sites.models import Site
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from publishing.bodies import render, storable
from publishing.models import Article, Byline, Comment, Draft, Image, Review, Section, Topic
from publishing.placing import place
from publishing.previewing import make
from publishing.writing import correct, write
from sites_core.directory import directory
from sites_core.models import Brand, MenuItem
from tenants.models import Ownership, User
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, TECHBLOG, House, acme, signed_in
from tests.hostile.snippets import KINDS, SNIPPETS

DAILY = "daily.test"
THEMES = {TECHBLOG: "journal", FINANCEBLOG: "magazine", DAILY: "daily"}
# Bodies that one page shows together, articles of one list, snippets of one article: one for each thing it says.
TOGETHER, LISTED, EACH = 40, 20, 8
STUDIO = "studio.platform.test"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A page as it was answered. `host` is without a port."""

    host: str
    path: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def url(self) -> str:
        return f"http://{self.host}{self.path}"

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


def samples(step: int) -> list[int]:
    """The numbers of every so manyth snippet of each kind, the first of each among them."""
    return [SNIPPETS.index(snippet) for kind in KINDS.values() for snippet in kind[::step]]


def said(number: int, what: int = 0) -> str:
    """What the article of this number says: its title, summary, body, names, and so on, 0 to 7."""
    return SNIPPETS[(number * EACH + what) % len(SNIPPETS)]


def words(snippet: str, longest: int) -> str:
    """What a form would let through: never NUL, never too long."""
    return storable(snippet).strip()[:longest] or "-"


class Exhibition:
    """Make it within a transaction that is rolled back."""

    def __init__(self) -> None:
        directory.forget()
        self.house: House = acme()
        self.sites = {**self.house.sites, DAILY: Site.objects.create(domain=DAILY, name="Daily")}
        Ownership.objects.create(site=self.sites[DAILY], tenant=self.house.tenant)
        with tenant_scope(self.house.tenant):
            self._furnish()
            self.articles = [self._article(number) for number in range(len(SNIPPETS) // EACH)]
            self.sheets = list(self._sheets())
            self._talk()
        directory.forget()

    # --- What is stored ----------------------------------------------------------------------------------------------

    def _furnish(self) -> None:
        """Topics, bylines, pictures and sections called so; brands and people too."""
        tenant = self.house.tenant
        for number, domain in enumerate(THEMES):
            Brand.objects.filter(site=self.sites[domain]).update(
                theme=THEMES[domain], tagline=words(SNIPPETS[number + 1], 160)
            )
            Site.objects.filter(domain=domain).update(name=words(SNIPPETS[number], 50))
            MenuItem.objects.create(site=self.sites[domain], label=words(SNIPPETS[number], 60), url="/topics/")
        User.objects.filter(pk=self.house.people["author"].pk).update(name=words(SNIPPETS[0], 120))
        type(tenant).objects.filter(pk=tenant.pk).update(name=words(SNIPPETS[2], 120))
        numbers = range(len(SNIPPETS) // EACH)
        self.topics = Topic.objects.bulk_create(
            [Topic(tenant=tenant, slug=f"t{number}", name=words(said(number, 5), 120)) for number in numbers]
        )
        self.shelves = Topic.objects.bulk_create(
            [Topic(tenant=tenant, slug=f"shelf{n}", name=f"Shelf {n}") for n in range(len(numbers) // LISTED + 1)]
        )
        self.bylines = Byline.objects.bulk_create(
            [
                Byline(
                    tenant=tenant, slug=f"b{number}", name=words(said(number, 6), 120), bio=words(said(number), 9999)
                )
                for number in numbers
            ]
        )
        self.pictures = Image.objects.bulk_create(
            [
                Image(
                    tenant=tenant, digest=f"{number:064x}", name=words(said(number, 1), 200),
                    alt=words(said(number, 7), 500), caption=words(said(number, 3), 500), width=900, height=600,
                    widths=[480, 900], formats=["webp"],
                )
                for number in numbers
            ]
        )  # fmt: skip
        self.sections = Section.objects.bulk_create(
            [
                Section(tenant=tenant, site=self.sites[TECHBLOG], slug=f"s{number}", name=words(SNIPPETS[number], 120))
                for number in samples(20)
            ]
        )

    def _article(self, number: int) -> Article:
        title, summary, body, override, note = (said(number, what) for what in range(5))
        article = write(
            tenant=self.house.tenant, by=self.house.people["author"], title=words(title, 300),
            summary=words(summary, 9999), body=storable(body), body_format="markdown" if number % 2 else "html",
            lead_image=self.pictures[number], bylines=[self.bylines[number]],
            topics=[self.topics[number], self.shelves[number // LISTED]],
        )  # fmt: skip
        domain = list(THEMES)[number % len(THEMES)]
        place(
            article=article, site=self.sites[domain], slug=f"p{number}",
            title=words(override, 300) if number % 4 else "",
            go_live=timezone.now() - timedelta(minutes=number + 1),
            section=self.sections[number % len(self.sections)] if domain == TECHBLOG else None,
        )  # fmt: skip
        correct(article=article, note=words(note, 9999))
        return article

    def _sheets(self) -> Iterator[Article]:
        """Pages that show many bodies, of either format, each as it is stored with an article of its own."""
        for start in range(0, len(SNIPPETS), TOGETHER):
            bodies = [
                render(snippet, body_format).html
                for snippet in SNIPPETS[start : start + TOGETHER]
                for body_format in ("html", "markdown")
            ]
            sheet = write(tenant=self.house.tenant, title=f"Sheet {start}", body="x")
            Article.objects.filter(pk=sheet.pk).update(html="\n".join(f"<div>{body}</div>" for body in bodies))
            place(article=sheet, site=self.sites[TECHBLOG], slug=f"sheet{start}")
            yield sheet

    def _talk(self) -> None:
        """About one article everything is said; of another one everything is unsaved."""
        tenant, author = self.house.tenant, self.house.people["author"]
        said = self.articles[0]
        Comment.objects.bulk_create(
            [
                Comment(
                    tenant=tenant, article=said, user=author, text=words(one, 9999), quote=words(one, 9999),
                    before=words(one, 80), after=words(one, 80),
                )
                for one in SNIPPETS[:: len(SNIPPETS) // 100]
            ]
        )  # fmt: skip
        Review.objects.create(
            tenant=tenant, article=said, revision=1, note=words(SNIPPETS[3], 9999), asked_by=author, asked_of=None
        )
        for number in (1, 2):
            Draft.objects.create(
                tenant=tenant, article=self.articles[number], user=self.house.people["editor"], base=1, version=1,
                saved_at=timezone.now(), words=self.unsaved(number + 1),
            )  # fmt: skip

    def unsaved(self, number: int, body_format: str = "html") -> dict[str, Any]:
        snippet, thing = SNIPPETS[number], number % len(self.articles)
        return {
            "title": words(snippet, 300), "summary": words(snippet, 9999), "body": storable(snippet),
            "body_format": body_format, "kind": "article", "language": "", "lead_image": self.pictures[thing].pk,
            "topics": [self.topics[thing].pk], "bylines": [self.bylines[thing].pk],
            "new_topics": [words(snippet[::-1], 120)], "new_bylines": [words(snippet, 120)],
        }  # fmt: skip

    # --- What is shown -----------------------------------------------------------------------------------------------

    def articles_pages(self) -> Iterator[Exhibit]:
        """Each snippet as title, summary, body, byline, topic, picture, section, correction, in one of the themes."""
        for number in range(len(self.articles)):
            yield self._read(list(THEMES)[number % len(THEMES)], f"/p{number}/")

    def bodies(self) -> Iterator[Exhibit]:
        for start in range(0, len(SNIPPETS), TOGETHER):
            yield self._read(TECHBLOG, f"/sheet{start}/")

    def lists(self) -> Iterator[Exhibit]:
        """Every article is on a shelf; and the pages on which names stand by themselves."""
        for domain in THEMES:
            for path in ("/", "/archive/", "/topics/", "/search/?q=canary", "/search/?q=canary&page=2"):
                yield self._read(domain, path)
            for number in range(len(self.shelves)):
                yield self._read(domain, f"/topics/shelf{number}/")
        for number in range(0, len(self.articles), 8):
            yield self._read(list(THEMES)[number % len(THEMES)], f"/bylines/b{number}/")
        for number in samples(50):
            yield self._read(TECHBLOG, f"/search/?q={quote(words(SNIPPETS[number], 150))}")
            yield self._read(TECHBLOG, f"/{quote(words(SNIPPETS[number], 150))}/")

    def feeds(self) -> Iterator[Exhibit]:
        for domain in THEMES:
            for name in ("rss.xml", "atom.xml", "feed.json"):
                yield self._read(domain, f"/feeds/{name}")
                for number in range(len(self.shelves)):
                    yield self._read(domain, f"/topics/shelf{number}/{name}")

    def previews(self) -> Iterator[Exhibit]:
        """Of unsaved words in either format, with overrides and in unsaved brands."""
        site, by = self.sites[FINANCEBLOG], self.house.people["editor"]
        for count, number in enumerate(samples(25)):
            snippet = SNIPPETS[number]
            with tenant_scope(self.house.tenant):
                url = make(
                    tenant=self.house.tenant, site=site, by=by, article=self.articles[count] if count % 3 else None,
                    words=self.unsaved(number, "markdown" if count % 2 else "html"),
                    placed={"title": words(snippet, 300), "summary": words(snippet, 9999)},
                    look={
                        "theme": list(THEMES.values())[count % 3], "tagline": words(snippet, 160),
                        "menus": {"header": [{"label": words(snippet, 60), "url": "/"}]},
                    },
                )  # fmt: skip
            host, _, path = url.removeprefix("http://").partition("/")
            yield self._read(host, f"/{path}")

    def studio(self) -> Iterator[Exhibit]:
        """What those who work see: every page of an article, and every list; as an editor, and as a viewer."""
        for who in ("editor", "viewer", "owner"):
            client = signed_in(self.house.people[who], "studio")
            for path in self._studio_paths(who):
                yield _exhibit(STUDIO, path, client.get(path))

    def _studio_paths(self, who: str) -> Iterator[str]:
        tenant = self.house.tenant.slug
        numbers = range(0, len(self.articles), 8 if who == "editor" else 80)
        for tab in ("article", "article-placements", "article-preview", "article-review", "article-history"):
            for number in {*numbers, 0, 1, 2}:
                yield reverse(tab, "studio.urls", kwargs={"tenant": tenant, "article_id": self.articles[number].pk})
        for name in ("desk", "articles", "calendar", "inbox", "media", "sites", "members", "audit", "settings"):
            yield reverse(name, "studio.urls", kwargs={"tenant": tenant})
        for number in samples(100):
            yield f"/{tenant}/articles/?q={quote(words(SNIPPETS[number], 150))}"

    def _read(self, host: str, path: str) -> Exhibit:
        return _exhibit(host, path, Client(headers={"host": host}).get(path))


def _exhibit(host: str, path: str, answer: Any) -> Exhibit:
    headers = {name: value for name, value in answer.items() if name != "Content-Length"}
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code < 500, path
    return Exhibit(host, path, answer.status_code, headers, body)

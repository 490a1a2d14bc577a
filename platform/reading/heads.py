"""What a page says in its head to those who do not see it: search engines, networks that show its card, feed readers.

Each kind of page has its own; `_head.html` writes it.
"""

import re
from datetime import date
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import to_locale

from reading.articles import Opened, Translation
from reading.columns import Link
from reading.shelves import Heading
from reading.structured import Photo, Thing, breadcrumbs, news_article, photo_of, profile, web_page, website
from reading.voice import month_and_year
from reading.xml import possible
from sites_core.directory import SiteEntry
from sites_core.origins import origin

# Whoever speaks none of a page's languages.
_ANYBODY = "x-default"
# Characters; what search engines show of it is less.
LONGEST_DESCRIPTION = 300
# Of a text that has no summary so much is looked at, its tags included.
_OPENING = 2000
_TAG = re.compile(r"<[^>]*>?")
# Where the country is not the language's own code.
_COUNTRIES = {
    "ar": "AR", "cs": "CZ", "da": "DK", "el": "GR", "en": "US", "et": "EE", "fa": "IR", "he": "IL", "hi": "IN",
    "ja": "JP", "ko": "KR", "nb": "NO", "sl": "SI", "sv": "SE", "uk": "UA", "vi": "VN", "zh": "CN",
    "zh_Hans": "CN", "zh_Hant": "TW",
}  # fmt: skip


class Alternate(NamedTuple):
    """The same page in another language; `language` as `hreflang` has it, `url` absolute."""

    language: str
    url: str


class Head(NamedTuple):
    """`title` is without the site's name. `things` are said in JSON-LD.

    `feeds` is the absolute address of a list whose own feeds lie below it, with their name, beside those of the site.
    A page that is `unlisted` shall not be found by search engines.
    """

    title: str
    description: str = ""
    kind: str = "website"
    locale: str = ""
    photo: Photo | None = None
    published: str = ""
    modified: str = ""
    authors: tuple[str, ...] = ()
    section: str = ""
    tags: tuple[str, ...] = ()
    alternates: tuple[Alternate, ...] = ()
    locales: tuple[str, ...] = ()
    feeds: Link | None = None
    things: tuple[Thing, ...] = ()
    unlisted: bool = False


def of_refusal(site: SiteEntry) -> Head:
    return Head(site.name, unlisted=True)


@lru_cache(maxsize=1024)
def of_front(site: SiteEntry) -> Head:
    return Head(
        title=possible(site.name), description=possible(site.brand.tagline), locale=locale_of(site.brand.language),
        things=(website(site),),
    )  # fmt: skip


def of_search(site: SiteEntry) -> Head:
    return Head(_("Search"), locale=locale_of(site.brand.language), unlisted=True)


def of_article(site: SiteEntry, article: Opened, path: str) -> Head:
    """Of an article or a static page, which stands at `path` on this site."""
    home = origin(site.domain)
    description = _brief(article.summary) or _brief(unescape(_TAG.sub(" ", article.html[:_OPENING])))
    photo = photo_of(site, article.picture) if article.picture else None
    is_canonical = article.canonical == f"{home}{path}"
    others = _alternates(article) if is_canonical else ()
    trail = [*([article.section] if article.section else []), Link(article.title, article.canonical)]
    thing = (
        web_page(site, article.canonical, article.title, article.language)
        if article.is_page
        else news_article(site, article, description, photo)
    )
    return Head(
        title=possible(article.title),
        description=description,
        kind="website" if article.is_page else "article",
        locale=locale_of(article.language),
        photo=photo,
        published="" if article.is_page else article.published.exactly,
        modified=article.updated.exactly if article.updated and not article.is_page else "",
        authors=tuple([f"{home}{byline.path}" for byline in article.bylines]),
        section=article.section.name if article.section else "",
        tags=tuple([topic.name for topic in article.topics]),
        alternates=others,
        locales=tuple(
            [locale_of(language) for language, _url in others if language not in (article.language, _ANYBODY)]
        ),
        things=(thing, breadcrumbs(site, trail)),
    )


def of_section(site: SiteEntry, url: str, heading: Heading | None) -> Head:
    return _of_list(site, url, heading.name if heading else "")


def of_topic(site: SiteEntry, url: str, heading: Heading | None) -> Head:
    name = heading.name if heading else ""
    head = _of_list(site, url, name, Link(_("Topics"), "/topics/"))
    return head._replace(feeds=Link(name, url.partition("?")[0]))


def of_byline(site: SiteEntry, url: str, heading: Heading | None) -> Head:
    if heading is None:
        return _of_list(site, url, "")
    photo = photo_of(site, heading.picture) if heading.picture else None
    head = _of_list(site, url, heading.name)
    page = url.partition("?")[0]
    return head._replace(
        description=_brief(heading.note) or head.description,
        kind="profile",
        photo=photo,
        things=(profile(site, page, heading.name, _brief(heading.note), photo), *head.things),
    )


def of_month(site: SiteEntry, url: str, heading: Heading | None, *, month: date) -> Head:
    return _of_list(site, url, month_and_year(month), Link(_("Archive"), "/archive/"))


def of_newest(site: SiteEntry, url: str, heading: Heading | None) -> Head:
    return _of_list(site, url, _("Older articles"))


def of_topics(site: SiteEntry, url: str) -> Head:
    return _of_list(site, url, _("Topics"))


def of_archive(site: SiteEntry, url: str) -> Head:
    return _of_list(site, url, _("Archive"))


def _of_list(site: SiteEntry, url: str, title: str, *above: Link) -> Head:
    return Head(
        title=possible(title),
        # No two pages of a site are described alike.
        description=_brief(" · ".join(filter(None, [title, site.name, site.brand.tagline]))),
        locale=locale_of(site.brand.language),
        things=(breadcrumbs(site, [*above, Link(title, url)]),),
    )


def _alternates(article: Opened) -> tuple[Alternate, ...]:
    """Each language once, this page for its own; and what those are shown whose language is none of them."""
    if not article.translations:
        return ()
    own = Translation(article.language, "", article.canonical, article.title)
    by_language = {other.language: other.url for other in (*reversed(article.translations), own)}
    found = [Alternate(language, url) for language, url in sorted(by_language.items())]
    anybody = by_language.get(settings.LANGUAGE_CODE)
    return (*found, *([Alternate(_ANYBODY, anybody)] if anybody else []))


@lru_cache(maxsize=1024)
def locale_of(language: str) -> str:
    """As Open Graph has it: language and country. The country is a guess where the language names none."""
    locale = to_locale(language.lower())
    country = locale.partition("_")[2]
    if len(country) == 2:
        return locale
    short = locale.partition("_")[0]
    return f"{short}_{_COUNTRIES.get(locale) or _COUNTRIES.get(short) or short.upper()}"


def _brief(text: str) -> str:
    """In one line, cut off after a word."""
    line = " ".join(possible(text).split())
    if len(line) <= LONGEST_DESCRIPTION:
        return line
    return f"{line[: LONGEST_DESCRIPTION - 1].rpartition(' ')[0] or line[: LONGEST_DESCRIPTION - 1]}…"

"""What a page says of itself in the words of schema.org, as JSON-LD: a block of data that no browser runs.

What search engines ask of each type, a test holds.
"""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from markupsafe import Markup

from reading.articles import Opened
from reading.columns import Link, Picture
from sites_core.directory import SiteEntry
from sites_core.origins import origin

Thing = dict[str, Any]

LOGO_PIXELS = 512
# Whatever could end the block, begin a comment or break a line of JavaScript: the same text to who reads JSON.
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class Photo(NamedTuple):
    """A picture in its largest width. `url` is absolute; pixels."""

    url: str
    width: int
    height: int
    alt: str
    caption: str


def photo_of(site: SiteEntry, picture: Picture) -> Photo:
    """Of the format that every program knows."""
    path, _, width = picture.srcset.rpartition(", ")[2].partition(" ")
    pixels = int(width.removesuffix("w"))
    height = max(1, round(picture.height * pixels / picture.width))
    return Photo(f"{origin(site.domain)}{path}", pixels, height, picture.alt, picture.caption)


def written(site: SiteEntry, social: tuple[Link, ...], things: Iterable[Thing]) -> Markup:
    """The things of a page, and who publishes them."""
    graph = ",".join([_publisher(site, social), *map(_json, things)])
    # Nothing of it can leave the element that it stands in.
    return Markup(f'{{"@context":"https://schema.org","@graph":[{graph}]}}')  # noqa: S704


def website(site: SiteEntry) -> Thing:
    """The site as a whole, with its search."""
    home = origin(site.domain)
    return {
        "@type": "WebSite",
        "@id": f"{home}/#website",
        "url": f"{home}/",
        "name": site.name,
        **_told(description=site.brand.tagline),
        "inLanguage": site.brand.language,
        "publisher": _by(site),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{home}/search/?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }


def breadcrumbs(site: SiteEntry, trail: Iterable[Link]) -> Thing:
    """The way from the home page to this one, which is the last of the `trail`; paths of the site or absolute URLs."""
    home = origin(site.domain)
    steps = [Link(site.name, "/"), *trail]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": step.name,
                "item": f"{home}{step.path}" if step.path.startswith("/") else step.path,
            }
            for position, step in enumerate(steps, 1)
        ],
    }


def news_article(site: SiteEntry, article: Opened, description: str, photo: Photo | None) -> Thing:
    home = origin(site.domain)
    return {
        "@type": "NewsArticle",
        "@id": f"{article.canonical}#article",
        "headline": article.title,
        **_told(
            description=description,
            image=[_image(photo)] if photo else [f"{home}/share.png"],
            articleSection=article.section.name if article.section else None,
            keywords=[topic.name for topic in article.topics],
            correction=[
                {"@type": "CorrectionComment", "text": note.text, "datePublished": note.noted.exactly}
                for note in article.corrections
            ],
        ),
        "datePublished": article.published.exactly,
        "dateModified": (article.updated or article.published).exactly,
        "author": [
            {"@type": "Person", "name": byline.name, "url": f"{home}{byline.path}"} for byline in article.bylines
        ]
        or [_by(site)],
        "publisher": _by(site),
        "mainEntityOfPage": {"@type": "WebPage", "@id": article.canonical},
        "inLanguage": article.language,
        "wordCount": article.words,
        "isAccessibleForFree": True,
    }


def web_page(site: SiteEntry, url: str, name: str, language: str) -> Thing:
    return {
        "@type": "WebPage",
        "@id": url,
        "url": url,
        "name": name,
        "inLanguage": language,
        "publisher": _by(site),
        "isPartOf": {"@id": f"{origin(site.domain)}/#website"},
    }


def profile(site: SiteEntry, url: str, name: str, note: str, photo: Photo | None) -> Thing:
    """The page of somebody who writes here."""
    person = {
        "@type": "Person",
        "@id": f"{url}#person",
        "name": name,
        "url": url,
        **_told(description=note, image=_image(photo) if photo else None),
        "worksFor": _by(site),
    }
    return {"@type": "ProfilePage", "@id": url, "url": url, "inLanguage": site.brand.language, "mainEntity": person}


def _image(photo: Photo) -> Thing:
    return {
        "@type": "ImageObject",
        "url": photo.url,
        "width": photo.width,
        "height": photo.height,
        **_told(caption=photo.caption or photo.alt),
    }


def _by(site: SiteEntry) -> Thing:
    """The publisher, who stands beside each page's things."""
    return {"@id": f"{origin(site.domain)}/#publisher"}


@lru_cache(maxsize=1024)
def _publisher(site: SiteEntry, social: tuple[Link, ...]) -> str:
    home = origin(site.domain)
    return _json(
        {
            "@type": "Organization",
            **_by(site),
            "name": site.name,
            "url": f"{home}/",
            "logo": {
                "@type": "ImageObject",
                "url": f"{home}/icon-{LOGO_PIXELS}.png",
                "width": LOGO_PIXELS,
                "height": LOGO_PIXELS,
            },
            **_told(sameAs=[link.path for link in social if link.path.startswith("http")]),
        }
    )


def _told(**values: Any) -> Thing:
    """Without what says nothing."""
    return {name: value for name, value in values.items() if value}


def _json(thing: Thing) -> str:
    text = json.dumps(thing, ensure_ascii=False, separators=(",", ":"))
    for sign, escape in _ESCAPES.items():
        text = text.replace(sign, escape)
    return text

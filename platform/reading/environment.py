"""The Jinja2 environments of the reader's templates: one a theme, whose templates come before the shared ones.

Jinja2 and not Django's templates: a home page of 20 cards takes a third of the time. What templates say in words is
marked by `_("…")` with one string, which Django's makemessages finds there as well; what has a plural is said in
Python.
"""

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.defaultfilters import linebreaksbr
from django.templatetags.static import static
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined

from reading import voice
from sites_core.themes import Theme, theme_named, themes

SHARED = Path(__file__).parent / "jinja2" / "reading"


def prepare() -> None:
    """Compile every template of every theme, as a first request for each page would."""
    for theme in themes():
        made = environment(theme)
        for name in made.list_templates():
            made.get_template(name)


@cache
def environment(theme: str) -> Environment:
    """`reading/x.html` is the theme's x.html, or the shared one where the theme has none; `shared/x.html` always is."""
    return _environment(theme_named(theme))


def rendered(theme: str, template: str, **content: Any) -> str:
    """The template of this name, such as "home", as the theme has it."""
    return environment(theme).get_template(f"reading/{template}.html").render(content)


def _environment(theme: Theme) -> Environment:
    shared = FileSystemLoader(SHARED)
    own = FileSystemLoader(theme.folder / "templates")
    made = Environment(
        loader=PrefixLoader({"reading": ChoiceLoader([own, shared]), "shared": shared}),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        auto_reload=settings.DEBUG,
    )
    made.globals |= {"_": voice.said, "direction_of": voice.direction, "static": lru_cache(maxsize=64)(static)}
    made.filters |= {
        "month_name": voice.month_name,
        "month_and_year": voice.month_and_year,
        "linebreaksbr": linebreaksbr,
    }
    return made

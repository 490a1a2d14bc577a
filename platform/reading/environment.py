"""The Jinja2 environment of the reader's templates.

Jinja2 and not Django's templates: a home page of 20 cards takes a third of the time. What templates say in words is
marked by `_("…")` with one string, which Django's makemessages finds there as well; what has a plural is said in
Python.
"""

from functools import lru_cache
from typing import Any, cast

from django.template import engines
from django.template.defaultfilters import linebreaksbr
from django.templatetags.static import static
from jinja2 import Environment, StrictUndefined

from reading import voice


def environment(**options: Any) -> Environment:
    """What settings.TEMPLATES names. Django's backend switches autoescaping on and looks into the apps' folders."""
    made = Environment(**{**options, "undefined": StrictUndefined, "keep_trailing_newline": True})  # noqa: S701
    made.globals |= {"_": voice.said, "static": lru_cache(maxsize=64)(static)}
    made.filters |= {
        "month_name": voice.month_name,
        "month_and_year": voice.month_and_year,
        "linebreaksbr": linebreaksbr,
    }
    return made


def rendered(template: str, **content: Any) -> str:
    """Straight from the environment: Django's backend would want a request and look for context processors."""
    env: Environment = cast("Any", engines["jinja2"]).env
    return env.get_template(template).render(content)

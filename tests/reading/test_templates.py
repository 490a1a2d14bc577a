"""The reader's templates: what is put into them stays text, and what is missing is an error."""

from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation.template import templatize
from jinja2 import UndefinedError

import reading
from reading import voice
from reading.environment import environment, rendered

FOLDER = Path(reading.__file__).parent / "jinja2" / "reading"


def made(source: str, **content: object) -> str:
    return environment("journal").from_string(source).render(content)


def test_what_is_put_into_a_template_is_escaped() -> None:
    assert made('<p title="{{ x }}">{{ x }}</p>', x="<b>\"'&") == (
        '<p title="&lt;b&gt;&#34;&#39;&amp;">&lt;b&gt;&#34;&#39;&amp;</p>'
    )
    said = made('{{ _("Nothing “%(words)s”") % {"words": x} }}', x="<b>")
    assert said == "Nothing “&lt;b&gt;”"


def test_the_sanitised_body_alone_is_not_escaped() -> None:
    safe = {path.name: count for path in FOLDER.iterdir() if (count := path.read_text().count("safe"))}
    assert safe == {"_text.html": 1}
    assert "{{ article.html|safe }}" in (FOLDER / "_text.html").read_text()
    assert not any(word in path.read_text() for path in FOLDER.iterdir() for word in ("autoescape", "Markup"))


def test_what_a_template_is_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        made("{{ missing }}")
    with pytest.raises(UndefinedError):
        rendered("journal", "home", path="/")


def test_words_of_templates_can_be_translated() -> None:
    """Django's makemessages reads templates as its own: the marks must be such as it finds."""
    for path in FOLDER.iterdir():
        source = path.read_text()
        assert "{% trans" not in source
        found = templatize(source)
        for words in ("Skip to the content", "Nothing has been published here yet. Come back soon.", "Older articles"):
            if words in source:
                assert f'_("{words}")' in found, path.name


def test_words_are_kept_apart_by_language() -> None:
    for language, word in {"de": "Suche", "en": "Search", "fr": "Rechercher"}.items():
        with translation.override(language):
            for _ in range(2):
                assert voice.said("Search").startswith(word[:5])


def test_no_template_turns_a_name_into_a_url() -> None:
    """A hundred reversals took 1.2 ms of a home page."""
    assert not any("url(" in path.read_text() for path in FOLDER.iterdir())

"""The interface of the themes is complete in every language that it promises."""

import ast
import gettext
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from jinja2 import Environment

import reading

APP = Path(reading.__file__).parent
LANGUAGES = ["de", "fr"]
_SAYING = {"_", "gettext", "gettext_lazy", "pgettext"}
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def templates() -> list[Path]:
    return [*(APP / "jinja2").rglob("*.html"), *Path(settings.THEMES).glob("*/templates/*.html")]


def of_templates() -> set[str]:
    env = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    extracted: Any = getattr(env, "extract_translations")  # noqa: B009 -- the extension's, unknown to the type checker
    found = (message for path in templates() for _, _, message in extracted(path.read_text()))
    return {message for message in found if isinstance(message, str)}


def of_code() -> tuple[set[str], set[tuple[str, str]]]:
    """The messages of the modules, and the pairs that have a plural."""
    single: set[str] = set()
    plural: set[tuple[str, str]] = set()
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            words = [word.value for word in node.args if isinstance(word, ast.Constant) and isinstance(word.value, str)]
            if node.func.id in _SAYING and words:
                single.add(words[0])
            elif node.func.id in {"ngettext", "ngettext_lazy"} and len(words) >= 2:
                plural.add((words[0], words[1]))
    return single, plural


def catalogue(language: str) -> gettext.GNUTranslations:
    with (APP / "locale" / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_interface_is_translated(language: str) -> None:
    single, plural = of_code()
    wanted = single | of_templates()
    assert len(wanted) > 40
    assert len(plural) > 1
    known = catalogue(language)
    missing = object()

    class Missing(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return missing  # type: ignore[return-value]

        def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
            return missing  # type: ignore[return-value]

    known.add_fallback(Missing())
    assert [words for words in sorted(wanted) if known.gettext(words) is missing] == []
    assert [pair for pair in sorted(plural) if known.ngettext(*pair, 2) is missing] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_fills_in_what_the_original_does(language: str) -> None:
    single, plural = of_code()
    known = catalogue(language)
    for words in single | of_templates():
        assert set(_PLACEHOLDER.findall(known.gettext(words))) == set(_PLACEHOLDER.findall(words)), words
    for pair in plural:
        for count in (1, 2):
            assert set(_PLACEHOLDER.findall(known.ngettext(*pair, count))) <= set(_PLACEHOLDER.findall(pair[1])), pair


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_made_of_the_one_that_people_read(language: str) -> None:
    folder = APP / "locale" / language / "LC_MESSAGES"
    written = (folder / "django.po").read_text()
    said = [ast.literal_eval(words) for words in re.findall(r'^msgstr(?:\[\d\])? (".+")$', written, re.MULTILINE)]
    compiled = (folder / "django.mo").read_bytes()
    assert len(said) > 40
    assert [words for words in said if words.encode() not in compiled] == []

"""What an editor sends: the words of an article, and how a new one begins."""

import re
import uuid
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import QueryDict

from publishing.bodies import MAX_SOURCE, storable
from publishing.drafting import Words
from publishing.models import Article, Byline, Image, Topic
from publishing.models.articles import BodyFormat
from studio.writing.words import lines, same_lines

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
# What the columns that count revisions and versions hold.
MOST = 2**31 - 1
LANGUAGES = sorted((code, str(info["name"])) for code, info in LANG_INFO.items() if "name" in info)


class NamesField(forms.Field):
    """Every value that was sent under the name, in its order."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[str]:
        return [storable(str(name)).strip() for name in value or [] if str(name).strip()]


class TermsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # of two models
    """Topics or bylines, in the order in which they were sent; what the tenant does not have is refused."""

    def clean(self, value: Any) -> Any:
        found = {term.pk: term for term in super().clean(value)}
        return [found[pk] for pk in dict.fromkeys(int(one) for one in value or [])]


class LanguageField(forms.CharField):
    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not _LANGUAGE.fullmatch(value):
            raise ValidationError(f"“{value}” is no language. Write it as in “en” or “pt-BR”, or leave it empty.")


class WordsForm(forms.Form):
    """The editor. `article` is what is stored: a body that differs from it in the ends of its lines alone is the same.

    What may be chosen is said in each form anew, in the scope of its tenant.
    """

    base = forms.IntegerField(min_value=0, max_value=MOST)
    version = forms.IntegerField(min_value=0, max_value=MOST, required=False)
    title = forms.CharField(max_length=300)
    summary = forms.CharField(required=False)
    body = forms.CharField(required=False, strip=False)
    body_format = forms.ChoiceField(choices=BodyFormat.choices)
    kind = forms.ChoiceField(choices=Article.Kind.choices)
    language = LanguageField(required=False, max_length=12)
    lead_image: Any = forms.ModelChoiceField(None, required=False)
    topics: Any = TermsField(None, required=False)
    bylines: Any = TermsField(None, required=False)
    new_topics = NamesField(required=False)
    new_bylines = NamesField(required=False)

    def __init__(self, data: QueryDict | None, *, article: Article) -> None:
        super().__init__(data)
        self.article = article
        for name, owned in _of_the_tenant().items():
            field: Any = self.fields[name]
            field.queryset = owned

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split("\n"))

    def clean_summary(self) -> str:
        summary = lines(self.cleaned_data["summary"])
        return self.article.summary if same_lines(summary, self.article.summary) else summary

    def clean_body(self) -> str:
        body = lines(storable(self.cleaned_data["body"]))
        if len(body) > MAX_SOURCE:
            raise ValidationError(f"The text has {len(body):,} characters; at most {MAX_SOURCE:,} are kept. Split it.")
        # A browser ends lines in its own way: what nobody touched stays as it is stored, to the letter.
        return self.article.body if same_lines(body, self.article.body) else body

    @property
    def words(self) -> Words:
        """Of a form that is valid."""
        return Words(**{name: self.cleaned_data[name] for name in Words.__dataclass_fields__})


def _of_the_tenant() -> dict[str, QuerySet[Model]]:
    """What may be chosen. Asked for in the scope of the tenant, so that nobody else's is there."""
    return {"lead_image": Image.objects.all(), "topics": Topic.objects.all(), "bylines": Byline.objects.all()}


class BeginForm(forms.Form):
    """A new article. `once` is the form's own mark: however often it is sent, it makes one."""

    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    title = forms.CharField(
        max_length=300, label="Title", help_text="A working title will do.", widget=forms.TextInput({"autofocus": True})
    )
    kind = forms.ChoiceField(
        choices=[(value, str(label).capitalize()) for value, label in Article.Kind.choices],
        initial=Article.Kind.ARTICLE,
        label="What it is",
    )
    language = LanguageField(
        required=False,
        max_length=12,
        label="Language",
        help_text="Empty: that of the site it appears on.",
        widget=forms.TextInput({"list": "languages", "autocomplete": "off"}),
    )

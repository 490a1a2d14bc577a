"""An article's translations in ops: which they are, joining one more, leaving them."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html_join

from operations.admin.front import ModelForm, ops
from publishing.models import Article, Placement
from publishing.translating import (
    join_translations,
    leave_translations,
    refuse_language,
    refuse_translation,
    together,
    translations_of,
)

TRANSLATIONS = ("Translations", {"fields": ("translations", "translation_of", "leave_translations")})


class TranslationForm(ModelForm):
    translation_of = forms.ModelChoiceField(
        Article.objects.none(),
        required=False,
        # Searched for as a placement's article is: the widget wants a key that leads to articles.
        widget=AutocompleteSelect(Placement.article.field, ops),
        help_text="Another article of the same tenant that says the same in another language; with it, all of its own.",
    )
    leave_translations = forms.BooleanField(
        required=False, label="Leave", help_text="This article is no translation of the others any more."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "translation_of" in self.fields:
            # Not the class's: which articles may be asked for is known with the request alone.
            self.fields["translation_of"].queryset = Article.objects.defer("body", "html", "text")  # type: ignore[attr-defined]

    def clean(self) -> None:
        super().clean()
        other = self.cleaned_data.get("translation_of")
        if other and self.cleaned_data.get("leave_translations"):
            self.add_error("leave_translations", "Join another translation, or leave: not both.")
        elif not other and "language" in self.changed_data and self.instance.pk:
            try:
                refuse_language(article=self.instance, language=self.cleaned_data.get("language", ""))
            except ValidationError as refused:
                self.add_error("language", refused)
        elif other:
            try:
                refuse_translation(article=self.instance, other=other, language=self.cleaned_data.get("language"))
            except ValidationError as refused:
                self.add_error("translation_of", refused)

    def touched(self) -> list[Article]:
        """The articles that saving changes, or whose sites see it."""
        other = self.cleaned_data.get("translation_of")
        return together(self.instance, *([other] if other else []))

    def translate(self) -> None:
        if other := self.cleaned_data.get("translation_of"):
            join_translations(article=self.instance, other=other)
        elif self.cleaned_data.get("leave_translations"):
            leave_translations(article=self.instance)


def links_to_translations(article: Article) -> str:
    others = [
        (reverse("admin:publishing_article_change", args=[one.pk]), one, one.language or "the site's language")
        for one in translations_of(article)
    ]
    return format_html_join(", ", '<a href="{}">{}</a> ({})', others) or "None."

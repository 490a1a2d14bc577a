"""Articles in ops, with where they are placed. Saving goes through the deeds, as in the studio."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from operations.admin.front import (
    InlineFormSet,
    ModelForm,
    OpsAdmin,
    StackedInline,
    TabularInline,
    ops,
    refuse_other_tenants,
)
from operations.admin.recalling import recall_everywhere
from operations.admin.translations import TRANSLATIONS, TranslationForm, links_to_translations
from publishing import redirects
from publishing.bodies import MAX_SOURCE
from publishing.models import Article, ArticleByline, ArticleTopic, Placement
from publishing.placing import elect_canonical, hold, move, override
from publishing.writing import revise, set_bylines, set_topics, write
from tenants.models import Ownership, User

RECALLED = Placement.Status.RECALLED
OWN_COLUMNS = {"section", "status", "go_live", "expires_at", "pin", "title", "summary", "image"}
# Of these the placement remembers what the article said when they were given.
OVERRIDES = ("title", "summary", "image")
WRITTEN = ("kind", "title", "summary", "body", "body_format", "language", "lead_image")


class ArticleForm(TranslationForm):
    def clean_body(self) -> str:
        body = str(self.cleaned_data["body"])
        if len(body) > MAX_SOURCE:
            raise ValidationError(f"The body has {len(body):,} characters; at most {MAX_SOURCE:,} are allowed.")
        return body

    def clean(self) -> None:
        super().clean()
        tenant = self.cleaned_data.get("tenant")
        refuse_other_tenants(self, tenant.pk if tenant else self.instance.tenant_id, "lead_image")


class PlacementForm(ModelForm):
    # Not the model's field: which one is canonical is a question of all of them, answered by an election.
    canonical = forms.BooleanField(
        required=False, help_text="The address that search engines are told. Exactly one published placement is."
    )

    pin = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=99,
        help_text="At the top of the site's front page, whatever its date: 1 is the lead. Empty: by its date.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["canonical"] = self.instance.is_canonical
        # On another site it is another placement, with an address of its own.
        self.fields["site"].disabled = self.instance.pk is not None
        # Recalled is an article, from every site at once, and by a deed of its own.
        status = cast("forms.ChoiceField", self.fields["status"])
        status.disabled = self.instance.status == RECALLED
        if not status.disabled:
            status.choices = [choice for choice in Placement.Status.choices if choice[0] != RECALLED]

    def clean(self) -> None:
        super().clean()
        article = self.instance.article
        site = self.cleaned_data.get("site")
        if site and not Ownership.objects.filter(site=site, tenant_id=article.tenant_id).exists():
            self.add_error("site", f"{site} is not a site of {article.tenant}.")
        section = self.cleaned_data.get("section")
        if section and site and section.site_id != site.pk:
            self.add_error("section", f"“{section}” is a section of another site.")
        refuse_other_tenants(self, article.tenant_id, "image")


class PlacementFormSet(InlineFormSet):
    def clean(self) -> None:
        super().clean()
        if len(self._ticked()) > 1:
            raise ValidationError("Only one placement can be the canonical one.")
        if any(form.instance.status == RECALLED for form in self.deleted_forms):
            raise ValidationError("A recalled placement stays: it is what tells readers that the article is gone.")

    def sites(self) -> set[int]:
        """Where the article is, or will be once this is saved."""
        return {form.instance.site_id for form in self.forms if form.instance.site_id}

    def save_new(self, form: ModelForm, commit: bool = True) -> Placement:
        form.instance.tenant_id = self.instance.tenant_id
        placement: Placement = super().save_new(form, commit)
        redirects.arrived(site=placement.site, path=placement.path)
        return placement

    def save_existing(self, form: ModelForm, obj: Placement, commit: bool = True) -> Placement:
        slug, obj.slug = obj.slug, form.initial["slug"]
        # These columns alone: the article may have been recalled since the form was read.
        obj.save(update_fields=OWN_COLUMNS.intersection(form.changed_data))
        if own := {name: form.cleaned_data[name] for name in OVERRIDES if name in form.changed_data}:
            override(placement=obj, **own)
        return move(placement=obj, slug=slug) if slug != obj.slug else obj

    def save(self, commit: bool = True) -> list[Any]:
        ticked = self._ticked()
        saved = super().save(commit)
        elect_canonical(article=self.instance, prefer=ticked[0] if ticked else None)
        return saved

    def _ticked(self) -> list[Placement]:
        kept = (form for form in self.forms if form.is_valid() and form not in self.deleted_forms)
        return [form.instance for form in kept if form.cleaned_data.get("canonical")]


class PlacementInline(StackedInline):
    model = Placement
    form = PlacementForm
    formset = PlacementFormSet
    autocomplete_fields = ("site", "section", "image")
    extra = 0
    fieldsets = (
        (None, {"fields": (("site", "section"), ("status", "slug"), ("go_live", "expires_at"), ("pin", "canonical"))}),
        ("Own words on this site", {"fields": ("title", "summary", "image"), "classes": ("collapse",)}),
    )


class OrderedFormSet(InlineFormSet):
    """Topics or bylines: whatever changes, the deed is given the whole list in its order."""

    def chosen(self, name: str) -> list[Any]:
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data and form not in self.deleted_forms]
        return [row[name] for row in sorted(kept, key=lambda row: row["position"])]

    def save(self, commit: bool = True) -> list[Any]:
        # Not committed: this only notes for the history what was added, changed and deleted.
        rows = super().save(commit=False)
        if self.has_changed():
            self.give()
        return rows

    def give(self) -> None:
        raise NotImplementedError


class TopicFormSet(OrderedFormSet):
    def give(self) -> None:
        set_topics(article=self.instance, topics=self.chosen("topic"))


class BylineFormSet(OrderedFormSet):
    def give(self) -> None:
        set_bylines(article=self.instance, bylines=self.chosen("byline"))


class LinkForm(ModelForm):
    def clean(self) -> None:
        super().clean()
        refuse_other_tenants(self, self.instance.article.tenant_id, *({"topic", "byline"} & self.fields.keys()))


class TopicInline(TabularInline):
    model = ArticleTopic
    form = LinkForm
    formset = TopicFormSet
    fields = ("topic", "position")
    autocomplete_fields = ("topic",)
    extra = 0
    verbose_name, verbose_name_plural = "topic", "Topics"


class BylineInline(TabularInline):
    model = ArticleByline
    form = LinkForm
    formset = BylineFormSet
    fields = ("byline", "position")
    autocomplete_fields = ("byline",)
    extra = 0
    verbose_name, verbose_name_plural = "byline", "Bylines"


@admin.register(Article, site=ops)
class ArticleAdmin(OpsAdmin):
    form = ArticleForm
    fieldsets = ((None, {"fields": ("tenant", *WRITTEN, "word_count", "source_id", "created_at", "updated_at")}),)
    readonly_fields = ("word_count", "source_id", "created_at", "updated_at", "translations")
    # The kind is copied into each placement, for which lists are made.
    fixed = ("tenant", "kind")
    autocomplete_fields = ("tenant", "lead_image")
    inlines = (PlacementInline, TopicInline, BylineInline)
    actions = (recall_everywhere,)
    list_display = ("title", "tenant", "kind", "updated_at")
    list_filter = ("kind",)
    list_select_related = ("tenant",)
    ordering = ("-updated_at",)
    search_fields = ("title", "=tenant__slug")
    search_help_text = "Words of a title, or a tenant's slug"

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        return (*super().get_fieldsets(request, obj), *([TRANSLATIONS] if obj else []))

    @admin.display(description="translations")
    def translations(self, article: Article) -> str:
        return links_to_translations(article)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found = super().get_queryset(request)
        match = request.resolver_match
        return found.defer("body", "html", "text") if match and str(match.url_name).endswith("_changelist") else found

    def save_model(self, request: HttpRequest, obj: Article, form: ModelForm, change: bool) -> None:
        # A change waits for what follows, which knows the sites.
        if not change:
            words = {name: form.cleaned_data[name] for name in WRITTEN}
            obj.pk = write(tenant=obj.tenant, by=cast("User", request.user), **words).pk
            obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: ArticleForm, formsets: Any, change: bool) -> None:
        if change:
            placed = [formset.sites() for formset in formsets if isinstance(formset, PlacementFormSet)]
            hold(form.touched(), sites=set().union(*placed))
            changed = {name: form.cleaned_data[name] for name in form.changed_data if name in WRITTEN}
            if changed:
                revise(article=form.instance, by=cast("User", request.user), **changed)
            form.translate()
        super().save_related(request, form, formsets, change)

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        hold([obj])
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        hold(queryset)
        super().delete_queryset(request, queryset)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        deleted, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        # A revision is never deleted alone, but goes with its article.
        return deleted, counts, forbidden - {"revision"}, protected

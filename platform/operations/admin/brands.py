"""Brands in ops: how each site looks and speaks, and its menus, on one page."""

from collections import defaultdict
from typing import Any

from django.contrib import admin
from django.contrib.sites.models import Site
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join

from operations.admin.branding import BrandForm
from operations.admin.front import InlineFormSet, ModelForm, OpsAdmin, TabularInline, ops
from sites_core.branding import COLOURS, COLUMNS, pages_of
from sites_core.menus import MOST_ITEMS, whole_address
from sites_core.models import Brand, MenuItem
from sites_core.origins import origin
from sites_core.themes import theme_named

_SWATCH = (
    '<svg width="44" height="20" aria-hidden="true"><rect width="44" height="20" fill="{}" stroke="#888"/>'
    '<circle cx="14" cy="10" r="5" fill="{}"/><circle cx="30" cy="10" r="5" fill="{}"/></svg>'
)


class MenuItemForm(ModelForm):
    class Meta:
        help_texts = {
            "position": "From the first to the last. Empty: after the last.",
            "url": "A path of this site, such as /topics/, or a whole address: https://, mailto:.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "position" in self.fields:
            self.fields["position"].required = False
        if self.instance.pk is None:
            self.initial["position"] = None

    def clean_url(self) -> str:
        return whole_address(self.cleaned_data["url"])


class MenuFormSet(InlineFormSet):
    def clean(self) -> None:
        """An item without a position comes after the last one of its menu."""
        super().clean()
        filled = [form for form in self.forms if form.has_changed() or form.instance.pk]
        last: dict[str, int] = defaultdict(int)
        for form in filled:
            menu = form.instance.menu
            last[menu] = max(last[menu], form.cleaned_data.get("position") or 0)
        for form in filled:
            if form.cleaned_data.get("position") is None:
                last[form.instance.menu] += 1
                form.instance.position = last[form.instance.menu]


class MenuInline(TabularInline):
    model = MenuItem
    form = MenuItemForm
    formset = MenuFormSet
    fields = ("menu", "position", "label", "url")
    ordering = ("menu", "position", "id")
    extra = 0
    max_num = MOST_ITEMS
    verbose_name, verbose_name_plural = "menu item", "Menus"

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, validate_max=True, **kwargs)


@admin.register(Brand, site=ops)
class BrandAdmin(OpsAdmin):
    form = BrandForm
    change_form_template = "operations/brand.html"

    class Media:
        css = {"all": ("operations/ops.css",)}
        js = ("operations/colours.js",)

    list_display = ("site", "theme_label", "colours", "tagline", "language")
    list_select_related = ("site",)
    ordering = ("site__domain",)
    search_fields = ("site__domain", "site__name", "tagline")

    # The row comes and goes with its site.
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        # Who may only look is shown the columns; the rest of the form is there to choose with.
        return super().get_fields(request, obj) if self.has_change_permission(request, obj) else COLUMNS

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> list[Any]:
        return [MenuInline] if obj else []

    def get_inline_instances(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        # A menu is the site's, as the brand is, and not the brand's: its parent is another than the page's row.
        inlines = super().get_inline_instances(request, obj)
        for inline in inlines:
            inline.parent_model = Site
        return inlines

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        return super().get_formset_kwargs(request, obj, inline, prefix) | {"instance": obj.site}

    def save_model(self, request: HttpRequest, obj: Brand, form: BrandForm, change: bool) -> None:
        form.keep()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        brand = context["original"]
        more = {
            "title": f"Brand of {brand.site.name}",
            "subtitle": brand.site.domain,
            "reader_url": f"{origin(brand.site.domain)}/",
            "site_page": reverse("admin:sites_site_change", args=[brand.pk]),
        }
        return super().render_change_form(request, context | more, *args, **kwargs)

    @admin.display(ordering="theme", description="theme")
    def theme_label(self, brand: Brand) -> str:
        return theme_named(brand.theme).label

    @admin.display(description="colours")
    def colours(self, brand: Brand) -> str:
        """The light page and the dark one: paper with its accent and its ink."""
        chosen = {name: getattr(brand, name) for name in COLOURS}
        pages = ((page.paper, page.accent, page.ink) for page in pages_of(chosen, theme_named(brand.theme)))
        return format_html_join(" ", _SWATCH, pages)

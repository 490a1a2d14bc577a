"""Sites in ops: names, retirement, owner. The rows about a site come by trigger; here they are edited."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from domains.claiming import refuse_buried
from operations.admin.front import InlineFormSet, ModelForm, OpsAdmin, StackedInline, TabularInline, ops
from operations.admin.moving import move_to_tenant
from sites_core.addressing import free_hostname
from sites_core.models import Hostname, SiteState
from tenants.models import Ownership, Tenant


def _free(text: str, site: Site | None, *, promoting: Site | None = None) -> str:
    """The canonical spelling of a name that the site may have."""
    name = free_hostname(text, promoting=promoting)
    if promoting is None or name != promoting.domain:
        refuse_buried(name, Tenant.objects.filter(ownerships__site=site).first() if site else None)
    return name


class SiteForm(ModelForm):
    def clean_domain(self) -> str:
        site = self.instance if self.instance.pk else None
        return _free(self.cleaned_data["domain"], site, promoting=site)


class HostnameForm(ModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Another name is another row; the primary one is renamed above.
        self.fields["name"].disabled = self.instance.pk is not None

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        return cast("str", name) if self.fields["name"].disabled else _free(name, self.instance.site)


class HostnameFormSet(InlineFormSet):
    def clean(self) -> None:
        super().clean()
        if any(form.instance.name == self.instance.domain for form in self.deleted_forms):
            raise ValidationError("The primary hostname cannot be deleted: rename the site first.")


class HostnameInline(TabularInline):
    model = Hostname
    form = HostnameForm
    formset = HostnameFormSet
    fields = ("name", "state", "added_at")
    # It follows from proof, DNS and certificate; what can be done about it is on the hostname's own page.
    readonly_fields = ("state", "added_at")
    show_change_link = True
    ordering = ("name",)
    extra = 0
    verbose_name_plural = "Hostnames: one is the domain above, the others redirect to it"


class ComesWithSite(StackedInline):
    """Exactly one row, made by the database together with the site."""

    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None) -> bool:  # type: ignore[override]
        return False


class SiteStateFormSet(InlineFormSet):
    def save_existing(self, form: ModelForm, obj: SiteState, commit: bool = True) -> SiteState:
        # This one column: a brand that was saved a moment ago has raised the generation, which must not fall back.
        obj.save(update_fields=["retired_at"])
        return obj


class SiteStateInline(ComesWithSite):
    model = SiteState
    formset = SiteStateFormSet
    fields = ("retired_at", "generation")
    readonly_fields = ("generation",)
    verbose_name_plural = "State"


class OwnershipInline(StackedInline):
    model = Ownership
    autocomplete_fields = ("tenant",)
    can_delete = False
    verbose_name_plural = "Owner"


@admin.register(Site, site=ops)
class SiteAdmin(OpsAdmin):
    form = SiteForm
    inlines = (HostnameInline, SiteStateInline, OwnershipInline)
    actions = (move_to_tenant,)
    list_display = ("domain", "name", "brand_page", "tenant", "retired_at")
    readonly_fields = ("brand_page",)
    list_select_related = ("ownership__tenant", "state")
    ordering = ("domain",)
    search_fields = ("domain", "name", "hostnames__name")
    search_help_text = "A hostname, an alias or a name"

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        # The brand comes with the site, by trigger.
        return ("domain", "name", "brand_page") if obj else ("domain", "name")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        deleted, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        # They are never deleted alone here, but go with their site.
        return deleted, counts, forbidden - {"brand", "hostname", "claim"}, protected

    @admin.display(description="brand")
    def brand_page(self, site: Site) -> str:
        return format_html('<a href="{}">Brand</a>', reverse("admin:sites_core_brand_change", args=[site.pk]))

    @admin.display(ordering="ownership__tenant__name")
    def tenant(self, site: Site) -> str | None:
        return str(site.ownership.tenant) if hasattr(site, "ownership") else None

    @admin.display(ordering="state__retired_at", description="retired")
    def retired_at(self, site: Site) -> Any:
        return site.state.retired_at

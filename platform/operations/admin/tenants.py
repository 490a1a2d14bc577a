"""Tenants, and who works for them, in ops."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest

from operations.admin.front import InlineFormSet, ModelForm, OpsAdmin, TabularInline, ops
from tenants.models import Membership, MembershipSite, Ownership, Tenant


class MembershipInline(TabularInline):
    model = Membership
    fields = ("user", "role", "all_sites")
    # Which sites, if not all, is said on the membership's own page.
    readonly_fields = ("all_sites",)
    show_change_link = True
    autocomplete_fields = ("user",)
    extra = 0


class OwnedSiteInline(TabularInline):
    """A site joins a tenant here, once; it has its content in it from then on."""

    model = Ownership
    fields = ("site",)
    autocomplete_fields = ("site",)
    extra = 0
    verbose_name_plural = "Sites"

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Tenant, site=ops)
class TenantAdmin(OpsAdmin):
    list_display = ("name", "slug")
    search_fields = ("name", "slug")
    inlines = (MembershipInline, OwnedSiteInline)


class LimitForm(ModelForm):
    def clean(self) -> None:
        super().clean()
        site, tenant = self.cleaned_data.get("site"), self.instance.membership.tenant
        if site and not Ownership.objects.filter(site=site, tenant=tenant).exists():
            self.add_error("site", f"{site} is not a site of {tenant}.")


class LimitFormSet(InlineFormSet):
    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form.cleaned_data and form not in self.deleted_forms]
        if kept and self.instance.all_sites:
            raise ValidationError("Untick “all sites” above to limit the membership, or take these sites away.")

    def save_new(self, form: ModelForm, commit: bool = True) -> Any:
        form.instance.tenant_id = self.instance.tenant_id
        return super().save_new(form, commit)


class LimitInline(TabularInline):
    model = MembershipSite
    form = LimitForm
    formset = LimitFormSet
    fields = ("site",)
    autocomplete_fields = ("site",)
    extra = 0
    verbose_name_plural = "Sites, if not all"


@admin.register(Membership, site=ops)
class MembershipAdmin(OpsAdmin):
    fields = ("user", "tenant", "role", "all_sites")
    fixed = ("user", "tenant")
    autocomplete_fields = ("user", "tenant")
    inlines = (LimitInline,)
    list_display = ("user", "tenant", "role", "all_sites")
    list_filter = ("role", "all_sites")
    list_select_related = ("user", "tenant")
    ordering = ("user__email", "tenant__slug")
    search_fields = ("user__email", "tenant__slug")

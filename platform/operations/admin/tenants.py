"""Tenants, and who works for them, in ops."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest

from operations.admin.front import DecidesWhoManages, InlineFormSet, ModelForm, TabularInline, ops
from publishing.reviewing import require_approval
from tenants.models import Membership, MembershipSite, Ownership, Tenant
from tenants.scope import tenant_scope


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
class TenantAdmin(DecidesWhoManages):
    list_display = ("name", "slug")
    search_fields = ("name", "slug")
    inlines = (MembershipInline, OwnedSiteInline)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        deleted, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        # What it claims goes with it.
        return deleted, counts, forbidden - {"claim"}, protected

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and obj.needs_approval and "needs_approval" in form.changed_data:
            with tenant_scope(obj):
                held_back = require_approval(tenant=obj)
            if held_back:
                count = "1 placement" if len(held_back) == 1 else f"{len(held_back):,} placements"
                messages.warning(
                    request, f"Not approved, and so not scheduled any more: {count}, with their dates kept."
                )


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
class MembershipAdmin(DecidesWhoManages):
    fields = ("user", "tenant", "role", "all_sites")
    fixed = ("user", "tenant")
    autocomplete_fields = ("user", "tenant")
    inlines = (LimitInline,)
    list_display = ("user", "tenant", "role", "all_sites")
    list_filter = ("role", "all_sites")
    list_select_related = ("user", "tenant")
    ordering = ("user__email", "tenant__slug")
    search_fields = ("user__email", "tenant__slug")

"""What articles are sorted by and refer to, in ops."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from operations.admin.front import ModelForm, OpsAdmin, ReadOnlyAdmin, ops, refuse_other_tenants
from publishing import redirects
from publishing.models import Byline, Redirect, Revision, Section, Topic


class OfTenantAdmin(OpsAdmin):
    fixed = ("tenant",)
    list_display = ("name", "slug", "tenant")
    list_select_related = ("tenant",)
    search_fields = ("name", "slug", "=tenant__slug")
    ordering = ("name", "id")


@admin.register(Topic, site=ops)
class TopicAdmin(OfTenantAdmin):
    autocomplete_fields = ("tenant",)


class BylineForm(ModelForm):
    def clean(self) -> None:
        super().clean()
        tenant = self.cleaned_data.get("tenant")
        refuse_other_tenants(self, tenant.pk if tenant else self.instance.tenant_id, "picture")


@admin.register(Byline, site=ops)
class BylineAdmin(OfTenantAdmin):
    form = BylineForm
    autocomplete_fields = ("tenant", "picture")


class OfSiteForm(ModelForm):
    """The tenant is the site's owner, not a choice."""

    def clean_site(self) -> Any:
        site = self.cleaned_data["site"]
        if not hasattr(site, "ownership"):
            self.add_error("site", f"{site} has no owner yet: give it to a tenant first.")
            return site
        self.instance.tenant = site.ownership.tenant
        return site


class OfSiteAdmin(OpsAdmin):
    form = OfSiteForm
    autocomplete_fields = ("site",)
    list_select_related = ("site",)


@admin.register(Section, site=ops)
class SectionAdmin(OfSiteAdmin):
    fields = ("site", "name", "slug", "position")
    fixed = ("site",)
    list_display = ("name", "slug", "site", "position")
    ordering = ("site__domain", "position", "id")
    search_fields = ("name", "slug", "site__domain")


@admin.register(Redirect, site=ops)
class RedirectAdmin(OfSiteAdmin):
    fields = ("site", "path", "target")
    fixed = ("site", "path")
    list_display = ("path", "target", "site")
    ordering = ("site__domain", "path")
    search_fields = ("path", "target", "site__domain")

    def save_model(self, request: HttpRequest, obj: Redirect, form: ModelForm, change: bool) -> None:
        redirects.redirect(tenant=obj.tenant, site=obj.site, path=obj.path, target=obj.target)
        obj.pk = Redirect.objects.get(site=obj.site, path=obj.path).pk


@admin.register(Revision, site=ops)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ("number", "title", "article", "made_by", "made_at")
    list_select_related = ("article", "made_by")
    ordering = ("-id",)
    search_fields = ("=article__id", "title")
    search_help_text = "An article's number, or words of a title"

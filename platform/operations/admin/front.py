"""The ops front itself, and what each of its pages has in common."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import LoginView
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from operations.admin.refusals import or_refused, without_nul
from operations.admin.signing_in import SignInForm
from tenants.inviting import withdraw_powerless

# The admin's classes are generic to the type checker alone.
if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    StackedInline = admin.StackedInline[Any, Any]
    TabularInline = admin.TabularInline[Any, Any]
    ModelForm = forms.ModelForm[Any]
    InlineFormSet = forms.BaseInlineFormSet[Any, Any, Any]
else:
    ModelAdmin = admin.ModelAdmin
    StackedInline = admin.StackedInline
    TabularInline = admin.TabularInline
    ModelForm = forms.ModelForm
    InlineFormSet = forms.BaseInlineFormSet


class Choices(AutocompleteJsonView):
    """Two tenants may each have a topic “Databases”: every choice says whose it is."""

    def get_queryset(self) -> QuerySet[Any]:
        found = super().get_queryset()
        owners = [name for name in ("site", "tenant") if hasattr(found.model, name)]
        return found.select_related(*owners) if owners else found

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        choice = super().serialize_result(obj, to_field_name)
        owner = getattr(obj, "site", None) or getattr(obj, "tenant", None)
        return choice | {"text": f"{choice['text']} ({owner})"} if owner else choice


class OpsSite(admin.AdminSite):
    site_title = "Masthead ops"
    site_header = "Masthead ops"
    index_title = "The platform"
    site_url = None
    empty_value_display = "–"
    login_form = SignInForm
    login_template = "operations/sign_in.html"

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        return super().admin_view(without_nul(or_refused(view)), cacheable)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Who does not say where to, or names another host, is led to the index: the setting that would say it is an
        address of the studio's."""
        asked = LoginView()
        asked.setup(request)
        if request.method == "POST" and not asked.get_redirect_url():
            posted = request.POST.copy()
            posted[REDIRECT_FIELD_NAME] = reverse("admin:index", current_app=self.name)
            request.POST = posted  # type: ignore[assignment]  # as the stock UserAdmin does
        return super().login(request, extra_context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """What has one name is one thing to whoever looks: Django's app of sites, and ours about them."""
        found: dict[str, Any] = {}
        for app in sorted(super().get_app_list(request, app_label), key=lambda app: app["app_label"]):
            first = found.setdefault(str(app["name"]), app)
            if first is not app:
                first["models"] = sorted([*first["models"], *app["models"]], key=lambda model: str(model["name"]))
        return sorted(found.values(), key=lambda app: str(app["name"]))

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return Choices.as_view(admin_site=self)(request)


ops = OpsSite(name="ops")


class OpsAdmin(ModelAdmin):
    """Lists bounded whatever their length.

    What belongs together is edited together, but only once its main row is there: inlines appear on the change page,
    to which adding leads. `fixed` names fields that can be set when adding and never again.
    """

    show_full_result_count = False
    list_per_page = 50
    fixed: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        return [*super().get_readonly_fields(request, obj), *(self.fixed if obj else ())]

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> list[Any]:
        return list(super().get_inlines(request, obj)) if obj else []

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> Any:
        if self.inlines and "_addanother" not in request.POST and IS_POPUP_VAR not in request.POST:
            posted = request.POST.copy()
            posted["_continue"] = "1"
            request.POST = posted  # type: ignore[assignment]  # as the stock UserAdmin does
        return super().response_add(request, obj, post_url_continue)


class DecidesWhoManages(OpsAdmin):
    """What is changed here may take a tenant's management from somebody, and with it what they invited."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        withdraw_powerless()

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        super().delete_model(request, obj)
        withdraw_powerless()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        super().delete_queryset(request, queryset)
        withdraw_powerless()


class ReadOnlyAdmin(OpsAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def refuse_other_tenants(form: ModelForm, tenant_id: int | None, *names: str) -> None:
    """An error on each of these fields whose row belongs to another tenant."""
    for name in names:
        row = form.cleaned_data.get(name)
        if row and row.tenant_id != tenant_id:
            form.add_error(name, f"“{row}” belongs to another tenant.")

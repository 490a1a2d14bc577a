"""Names in ops: how each does and what staff can do; claims, tombstones, certificates' orders."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from domains import claiming
from domains.certificates.ordering import order
from domains.dns import Record
from domains.models import Certificate, Claim, Order, Standing, Tombstone
from domains.wording import Told, told
from events.emitting import emit
from operations.admin.front import ReadOnlyAdmin, ops
from sites_core.hostnames import unicode_hostname
from sites_core.models import Hostname
from tenants.models import User


class ProofFilter(admin.SimpleListFilter):
    title = "proof"
    parameter_name = "proof"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return [(value, str(label)) for value, label in Standing.Proof.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Hostname]) -> QuerySet[Hostname]:
        return queryset.filter(standing__proof=self.value()) if self.value() else queryset


class TroubleFilter(admin.SimpleListFilter):
    """What somebody should look at."""

    title = "trouble"
    parameter_name = "trouble"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return [("dns", "DNS is not as it should be"), ("order", "No certificate could be made yet")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Hostname]) -> QuerySet[Hostname]:
        if self.value() == "dns":
            return queryset.exclude(standing__problem="")
        if self.value() == "order":
            failed = Order.objects.exclude(problem="").exclude(state=Order.State.DONE)
            return queryset.filter(name__in=failed.values("name"), ends=None)
        return queryset


def _each(admin_: "HostnameAdmin", request: HttpRequest, queryset: QuerySet[Hostname], deed: Any, said: str) -> None:
    """Do it with every name that was chosen; what is refused says why, and keeps no other from it."""
    done = 0
    for hostname in queryset.select_related("site__ownership__tenant", "standing"):
        try:
            deed(hostname)
        except ValidationError as error:
            admin_.message_user(request, f"{hostname}: {' '.join(error.messages)}", messages.WARNING)
        else:
            done += 1
            admin_.log_change(request, hostname, said.format(hostname))
    if done:
        admin_.message_user(request, said.format("1 name" if done == 1 else f"{done:,} names"), messages.SUCCESS)


@admin.action(description="Look again now", permissions=["change_names"])
def look_again(model_admin: "HostnameAdmin", request: HttpRequest, queryset: QuerySet[Hostname]) -> None:
    def look(hostname: Hostname) -> None:
        emit("domains.look", once=f"domains.look:{hostname.name}", name=hostname.name)

    _each(model_admin, request, queryset, look, "Looked at now: {}.")


@admin.action(description="Vouch for it: it is the site’s, without a proof", permissions=["change_names"])
def vouch(model_admin: "HostnameAdmin", request: HttpRequest, queryset: QuerySet[Hostname]) -> None:
    def do(hostname: Hostname) -> None:
        claiming.vouch(site=hostname.site, name=hostname.name, by=cast("User", request.user))

    _each(model_admin, request, queryset, do, "Vouched for: {}.")


@admin.action(description="Order its certificate again", permissions=["change_names"])
def order_again(model_admin: "HostnameAdmin", request: HttpRequest, queryset: QuerySet[Hostname]) -> None:
    def do(hostname: Hostname) -> None:
        if order(name=hostname.name, tenant=_tenant_of(hostname), asked=True) is None:
            raise ValidationError("no certificate is ordered here, or a wildcard serves it already.")

    _each(model_admin, request, queryset, do, "Ordered: {}. No name is tried twice within a quarter of an hour.")


@admin.action(description="Let it go: for 30 days nobody gets it without a proof", permissions=["change_names"])
def release(model_admin: "HostnameAdmin", request: HttpRequest, queryset: QuerySet[Hostname]) -> None:
    _each(model_admin, request, queryset, lambda one: claiming.release(hostname=one), "Let go: {}.")


def _tenant_of(hostname: Hostname) -> Any:
    return hostname.site.ownership.tenant if hasattr(hostname.site, "ownership") else None


@admin.register(Hostname, site=ops)
class HostnameAdmin(ReadOnlyAdmin):
    """They are added and renamed with their sites; here is how they do."""

    fields = (
        "shown", "name", "site_tenant", "role", "state", "next", "steps", "records", "proof", "proven_at",
        "checked_at", "failing_since", "quarantined_at", "certificate", "served_at", "orders", "added_at",
    )  # fmt: skip
    readonly_fields = fields
    list_display = ("shown", "site_tenant", "role", "state", "proof", "ends", "problem")
    list_filter = ("state", ProofFilter, TroubleFilter)
    ordering = ("name",)
    search_fields = ("name", "site__name")
    search_help_text = "Part of a name, as it stands in DNS, or a site’s name"
    actions = (look_again, vouch, order_again, release)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        ends = Certificate.objects.filter(name=OuterRef("name")).values("not_after")
        found = super().get_queryset(request).select_related("site__ownership__tenant", "site__state", "standing")
        named: QuerySet[Any] = found.annotate(ends=Subquery(ends))
        return named

    def has_change_names_permission(self, request: HttpRequest) -> bool:
        return cast("User", request.user).has_perm("sites_core.change_hostname")

    # --- In the list -------------------------------------------------------------------------------------------------

    @admin.display(description="name", ordering="name")
    def shown(self, one: Hostname) -> str:
        return unicode_hostname(one.name)

    @admin.display(description="site", ordering="site__domain")
    def site_tenant(self, one: Hostname) -> str:
        tenant = _tenant_of(one)
        return f"{one.site.domain} ({tenant})" if tenant else str(one.site.domain)

    @admin.display(description="role")
    def role(self, one: Hostname) -> str:
        return "primary" if one.is_primary else "alias"

    @admin.display(description="proof", ordering="standing__proof")
    def proof(self, one: Hostname) -> str:
        return one.standing.get_proof_display() if hasattr(one, "standing") else ""

    @admin.display(description="certificate until", ordering=F("ends").asc(nulls_last=True))
    def ends(self, one: Hostname) -> Any:
        return cast("Any", one).ends

    @admin.display(description="what is wrong")
    def problem(self, one: Hostname) -> str:
        return one.standing.problem if hasattr(one, "standing") else ""

    # --- On the page of one ------------------------------------------------------------------------------------------

    @admin.display(description="what to do")
    def next(self, one: Hostname) -> str:
        return _told(one).next

    @admin.display(description="steps")
    def steps(self, one: Hostname) -> SafeString:
        marks = {"done": "✓", "wrong": "✗", "waits": "…"}
        return _lines(f"{marks[step.mark]} {step.label}: {step.said}" for step in _told(one).steps)

    @admin.display(description="records")
    def records(self, one: Hostname) -> SafeString:
        return _lines(
            f"{record.type} {record.name} {record.value} ({'right' if record.right else _found(record)})"
            for record in _told(one).records
        )

    @admin.display(description="certificate")
    def certificate(self, one: Hostname) -> str:
        found = _told(one).certificate
        return f"{found.name}, until {found.not_after:%d %B %Y %H:%M} UTC, by {found.issuer}" if found else ""

    @admin.display(description="last orders")
    def orders(self, one: Hostname) -> SafeString:
        last = Order.objects.filter(name=one.name).order_by("-id")[:10]
        return _lines(f"{each.added_at:%d %b %Y %H:%M} {each.state}. {each.problem}" for each in last)

    def proven_at(self, one: Hostname) -> Any:
        return one.standing.proven_at

    def checked_at(self, one: Hostname) -> Any:
        return one.standing.checked_at

    def failing_since(self, one: Hostname) -> Any:
        return one.standing.failing_since

    def quarantined_at(self, one: Hostname) -> Any:
        return one.standing.quarantined_at

    @admin.display(description="seen at the edge")
    def served_at(self, one: Hostname) -> Any:
        return one.standing.served_at


def _told(one: Hostname) -> Told:
    """Loaded once for a page, however many of its lines tell of it."""
    if not hasattr(one, "told"):
        cast("Any", one).told = told([one])[0]
    return cast("Told", cast("Any", one).told)


def _found(record: Record) -> str:
    return "not known" if record.right is None else f"found: {', '.join(record.found) or 'nothing'}"


def _lines(lines: Any) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in lines))


@admin.register(Claim, site=ops)
class ClaimAdmin(ReadOnlyAdmin):
    """Names that tenants claim; a claim's token is the tenant's to show."""

    fields = (
        "name",
        "tenant",
        "site",
        "becomes_primary",
        "added_by",
        "added_at",
        "checked_at",
        "checks",
        "problem",
        "seen",
    )
    list_display = ("name", "tenant", "site", "added_at", "checked_at", "problem")
    list_select_related = ("tenant", "site")
    ordering = ("name", "tenant")
    search_fields = ("name", "tenant__slug")


class NamedAdmin(ReadOnlyAdmin):
    """Of rows whose key is a name: PostgreSQL's texts hold no NUL."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        return None if "\0" in object_id else super().get_object(request, object_id, from_field)


@admin.action(description="Lift: from now on anybody may have the name", permissions=["lift"])
def lift(model_admin: "TombstoneAdmin", request: HttpRequest, queryset: QuerySet[Tombstone]) -> None:
    for stone in queryset:
        model_admin.log_change(request, stone, f"Lifted: it would have stood until {stone.until:%d %B %Y}.")
    count = queryset.delete()[0]
    model_admin.message_user(request, "1 name is free." if count == 1 else f"{count:,} names are free.")


@admin.register(Tombstone, site=ops)
class TombstoneAdmin(NamedAdmin):
    """Names that were let go, until nobody needs a fresh proof for them any more."""

    list_display = ("name", "tenant", "until")
    list_select_related = ("tenant",)
    ordering = ("until",)
    search_fields = ("name",)
    actions = (lift,)

    def has_lift_permission(self, request: HttpRequest) -> bool:
        return cast("User", request.user).has_perm("domains.delete_tombstone")


@admin.register(Order, site=ops)
class OrderAdmin(ReadOnlyAdmin):
    """Each attempt at a certificate, and why it failed."""

    list_display = ("name", "tenant", "state", "renewal", "attempts", "due_at", "tried_at", "problem")
    list_filter = ("state", "renewal")
    list_select_related = ("tenant",)
    ordering = ("-id",)
    search_fields = ("name", "registered")


@admin.register(Certificate, site=ops)
class CertificateAdmin(NamedAdmin):
    """Whose end comes first. Keys are sealed, and not even read here."""

    fields = ("name", "serial", "issuer", "not_before", "not_after", "renew_at", "warned_at", "version")
    list_display = ("name", "issuer", "not_after", "renew_at", "serial")
    ordering = ("not_after",)
    search_fields = ("name", "serial")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Certificate]:
        return super().get_queryset(request).defer("key", "chain")

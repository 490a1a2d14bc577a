"""How a member of the staff goes about in ops."""

from django.test import Client
from django.urls import reverse

from tenants.models import User
from tests.cast import PASSWORD, signed_in


def url(name: str, *args: object) -> str:
    return reverse(f"ops:{name}", "operations.urls", args=args)


def as_staff(**fields: bool) -> Client:
    user = User.objects.create_user("staff@platform.test", PASSWORD, is_staff=True, **fields)
    return signed_in(user, "ops")


def submitted(client: Client, path: str, **changes: object):
    """Post the form of a page as the page gave it, with these fields changed."""
    context = client.get(path).context
    forms = [context["adminform"].form, *(form for one in context["inline_admin_formsets"] for form in one.formset)]
    data = {}
    for form in forms:
        for field in form:
            value = field.value()
            if isinstance(value, bool):
                value = "on" if value else ""
            widgets = field.field.widget.decompress(value) if hasattr(field.field.widget, "decompress") else None
            if widgets is None:
                data[field.html_name] = "" if value is None else value
            else:
                moments = [None, None] if value is None else [value.date(), value.time().replace(microsecond=0)]
                data |= {f"{field.html_name}_{n}": "" if one is None else str(one) for n, one in enumerate(moments)}
    for one in context["inline_admin_formsets"]:
        for field in one.formset.management_form:
            data[field.html_name] = field.value()
    data |= changes
    return client.post(path, {name: value for name, value in data.items() if value not in ("", None, [])})


def errors(answer) -> str:
    assert answer.status_code == 200, answer.get("Location")
    context = answer.context
    return f"{context['errors']} {[one.formset.errors for one in context['inline_admin_formsets']]}"

"""Signing in to ops: the password and, of whoever has one, the second step. Nobody is signed in before both are right.

What is tried is counted as in the studio: by the address of the network, by the e-mail address, by the person.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.core.context import request_context
from allauth.mfa import app_settings as factors
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.utils import is_mfa_enabled
from allauth.utils import get_form_class
from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.views.decorators.debug import sensitive_variables

from tenants.models import User

NEEDED = (
    "Your account has a second step. Give a code with your password: of your authenticator app, or one of your "
    "recovery codes. A passkey is good in the studio alone."
)


class SignInForm(AdminAuthenticationForm):
    code = forms.CharField(
        label="Code",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
        help_text="Of your authenticator app, or a recovery code. Empty if you have set up no second step.",
    )

    class Media:
        css = {"all": ["operations/sign_in.css"]}

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        email, password = said.get("username"), said.get("password")
        if email and password:
            # The library counts by the request of its context, which a middleware of the studio sets there.
            with request_context(self.request):
                self.user_cache = self._known(email, password)
                self.confirm_login_allowed(self.user_cache)
                self._take_second_step(self.user_cache)
        return said

    def _known(self, email: str, password: str) -> User:
        """Raises ValidationError: too often, or not known."""
        accounts = get_adapter(self.request)
        if not ratelimit.consume(self.request, action="login"):
            raise accounts.validation_error("too_many_login_attempts")
        user: User | None = accounts.authenticate(self.request, email=email, password=password)
        if user is None:
            raise self.get_invalid_login_error()
        return user

    def _take_second_step(self, user: User) -> None:
        if not is_mfa_enabled(user):
            return
        code = self.cleaned_data.get("code")
        if not code:
            raise ValidationError({"code": NEEDED})
        # The studio's own form, so that a code which was used there is not good again here.
        form = get_form_class(factors.FORMS, "authenticate", AuthenticateForm)({"code": code}, user=user)
        if not form.is_valid():
            raise ValidationError({"code": form.errors["code"].as_data()})
        form.authenticator.record_usage()

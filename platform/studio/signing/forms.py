"""The forms of signing in and of one's own account."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError

from tenants.models import User


class SignInForm(LoginForm):  # type: ignore[misc]  # the library has no types
    """With the names that browsers and keepers of passwords know."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail address"
        self.fields["login"].widget = forms.EmailInput(attrs={"autocomplete": "username webauthn", "autofocus": True})
        self.fields["password"].widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        self.fields["password"].help_text = ""

    def add_prefix(self, field_name: str) -> str:
        return str(super().add_prefix("username" if field_name == "login" else field_name))


class NameForm(forms.ModelForm):  # type: ignore[type-arg]  # generic to the type checker alone
    class Meta:
        model = User
        fields = ["name"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    name = forms.CharField(
        label="Name", max_length=120, help_text="How colleagues see you, beside what you write and change."
    )


class NewAccountForm(forms.Form):
    """What somebody who was invited says about themselves. The address is the invitation's."""

    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=" ".join(password_validators_help_texts()),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "password" in said:
            try:
                validate_password(said["password"], User(email=self.email, name=said.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return said

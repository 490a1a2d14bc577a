"""Passkeys. What the browser says it signed must have been signed on the studio's own origin, port and scheme too."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from fido2.utils import websafe_decode

from sites_core.origins import origin
from studio.signing.adapter import studio_host

NAME_LENGTH = 60
REFUSED = "This passkey was not accepted. Try again, or take another way."


def signed_here(credential: object) -> bool:
    """Whether the answer of an authenticator is one, and was asked for by a page of the studio."""
    try:
        said = json.loads(websafe_decode(credential["response"]["clientDataJSON"]))  # type: ignore[index]
        return bool(said["origin"] == origin(studio_host()) and not said.get("crossOrigin"))
    except (TypeError, ValueError, KeyError, AttributeError):
        return False


@contextmanager
def _refused() -> Iterator[None]:
    """One refusal for all that is wrong with an answer. The library looks at its outline, and not at each part."""
    try:
        yield
    except ValidationError as error:
        raise error if getattr(error, "code", "") != "incorrect_code" else ValidationError(REFUSED) from None
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
        raise ValidationError(REFUSED) from None


class SignedHere(forms.Form):
    def clean_credential(self) -> Any:
        credential = self.cleaned_data["credential"]
        if not signed_here(credential):
            raise ValidationError(REFUSED)
        with _refused():
            return getattr(super(), "clean_credential", lambda: credential)()


class AddForm(SignedHere, AddWebAuthnForm):  # type: ignore[misc]  # the library has no types
    name = forms.CharField(label="Name", max_length=NAME_LENGTH, required=False)
    passwordless = forms.BooleanField(
        label="Sign in with it alone, without the password",
        required=False,
        initial=True,
        help_text="It then asks for your finger, face or PIN. Without this it is a second step after the password.",
    )

    def clean(self) -> dict[str, Any]:
        with _refused():
            return super().clean() or {}


class RenameForm(EditWebAuthnForm):  # type: ignore[misc]
    name = forms.CharField(label="Name", max_length=NAME_LENGTH)


class SignInForm(SignedHere, LoginWebAuthnForm):  # type: ignore[misc]
    """Without a password."""


class SecondFactorForm(SignedHere, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """After it."""


class AgainForm(SignedHere, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Before something that matters."""

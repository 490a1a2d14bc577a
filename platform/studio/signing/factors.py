"""The second factor: codes of an app or from paper. Their secrets are encrypted, since codes can be made from them."""

from hashlib import sha256
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django import forms
from django.conf import settings
from django.core.cache import cache

from sites_core.sealing import seal, unseal
from studio.signing.adapter import studio_host

PURPOSE = "studio.signing.factors"


class StudioFactors(DefaultMFAAdapter):  # type: ignore[misc]  # the library has no types
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is wrong, was used already, or is no longer good. Try the next one.",
    }

    def encrypt(self, text: str) -> str:
        return seal(PURPOSE, text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(PURPOSE, encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return f"Masthead {settings.PLATFORM_DOMAIN}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": studio_host(), "name": "Masthead studio"}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 -- the library's name
        return "Passkey"


class OnceOnly(forms.Form):
    """A code is good once. The library remembers it for one period, and takes it for three."""

    user: Any

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # of the form beside it
        seconds = settings.MFA_TOTP_PERIOD * (2 * settings.MFA_TOTP_TOLERANCE + 1)
        digest = sha256("".join(code.split()).encode()).hexdigest()
        if not cache.add(f"studio:code:{self.user.pk}:{digest}", "used", timeout=seconds):
            raise StudioFactors().validation_error("incorrect_code")
        return code


class CodeForm(OnceOnly, AuthenticateForm):  # type: ignore[misc]
    """When signing in."""


class CodeAgainForm(OnceOnly, ReauthenticateForm):  # type: ignore[misc]
    """Before something that matters."""

"""How allauth behaves in the studio: nobody signs up, mails link to the studio alone, and no page leads elsewhere."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from sites_core.origins import origin
from tenants.models import User

log = logging.getLogger(__name__)


def studio_host() -> str:
    return f"studio.{settings.PLATFORM_DOMAIN}"


def studio_url(path: str) -> str:
    """The absolute URL of a path of the studio, for mails: from the settings, whatever the request says."""
    return origin(studio_host()) + path


def is_own_path(url: str) -> bool:
    """Whether somebody may be sent there: a path of this host, and neither another host nor a scheme."""
    return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)


class StudioAccounts(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "E-mail address or password is wrong. Both matter, and the password’s capitals too.",
        "too_many_login_attempts": "That was tried too often. Wait five minutes, then try again.",
        "incorrect_password": "This is not your password.",
        "enter_current_password": "This is not your present password.",
        "incorrect_code": "This code is wrong, was used already, or is no longer good. Try the next one.",
        "rate_limited": "That was tried too often. Wait a few minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Nothing but the question for a passkey is asked by a script; all else are pages."""
        match = request.resolver_match
        return request.method == "GET" and match is not None and match.url_name == "mfa_login_webauthn"

    def is_safe_url(self, url: str) -> bool:
        return is_own_path(url)

    def get_reset_password_from_key_url(self, key: str) -> str:
        uidb36, _, token = key.partition("-")
        return studio_url(reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": token}))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        messages.error(request, "This account has been closed. Ask whoever runs this platform.")
        return redirect("account_login")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        super().send_mail(template_prefix, email, context | {"studio": studio_url("/")})

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """What was done is done: a mail server that is away must not make an error of it."""
        try:
            super().send_notification_mail(template_prefix, user, *args, **kwargs)
        except (OSError, SMTPException):
            log.exception("The mail %s to user %s could not be sent.", template_prefix, user.pk)


def send(template_prefix: str, email: str, words: dict[str, Any]) -> None:
    """Send a mail from templates `<prefix>_subject.txt` and `<prefix>_message.txt`. Raises OSError, SMTPException."""
    StudioAccounts(context.request).send_mail(template_prefix, email, words)

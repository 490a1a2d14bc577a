"""Who somebody is: signing in and out, an invitation, and one's own account.

Of allauth's pages these and no others, at addresses of our own. The names are those that the library looks for.
"""

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path
from django.views.decorators.http import require_POST
from django.views.generic import RedirectView

from studio.signing import invitations, views

_PAGES = "studio/signing"
_account_page = RedirectView.as_view(pattern_name="account")

_signing_in = [
    path("sign-in/", account.LoginView.as_view(template_name="studio/sign_in.html"), name="account_login"),
    path(
        "sign-in/code/",
        second.AuthenticateView.as_view(template_name=f"{_PAGES}/second_step.html"),
        name="mfa_authenticate",
    ),
    path("sign-in/passkey/", passkeys.LoginWebAuthnView.as_view(), name="mfa_login_webauthn"),
    path("sign-out/", require_POST(account.LogoutView.as_view()), name="account_logout"),
    path("sign-up/", views.by_invitation, name="account_signup"),
    path("session/", views.session, name="session"),
]

_password_by_mail = [
    path(
        "password/",
        account.PasswordResetView.as_view(template_name=f"{_PAGES}/forgotten.html"),
        name="account_reset_password",
    ),
    path(
        "password/sent/",
        account.PasswordResetDoneView.as_view(template_name=f"{_PAGES}/sent.html"),
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/(?P<uidb36>[0-9a-z]{1,13})-(?P<key>[0-9a-z-]{1,80})/$",
        account.PasswordResetFromKeyView.as_view(template_name=f"{_PAGES}/new_password.html"),
        name="account_reset_password_from_key",
    ),
]

_invitations = [
    path("invitation/", invitations.invitation, name="invitation"),
    path("invitation/<str:token>/", invitations.link, name="invitation_link"),
]

_account = [
    path("account/", views.account, name="account"),
    path(
        "account/password/",
        account.PasswordChangeView.as_view(template_name=f"{_PAGES}/password.html"),
        name="account_change_password",
    ),
    # Who has none proves who they are by mail, and not by a session that may be somebody else's.
    path(
        "account/password/first/",
        RedirectView.as_view(pattern_name="account_reset_password"),
        name="account_set_password",
    ),
    path(
        "account/confirm/",
        account.ReauthenticateView.as_view(template_name=f"{_PAGES}/confirm_password.html"),
        name="account_reauthenticate",
    ),
    path(
        "account/confirm/code/",
        second.ReauthenticateView.as_view(template_name=f"{_PAGES}/confirm_code.html"),
        name="mfa_reauthenticate",
    ),
    path(
        "account/confirm/passkey/",
        passkeys.ReauthenticateWebAuthnView.as_view(template_name=f"{_PAGES}/confirm_passkey.html"),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/two-step/", _account_page, name="mfa_index"),
    path(
        "account/app/",
        app.ActivateTOTPView.as_view(template_name=f"{_PAGES}/app.html"),
        name="mfa_activate_totp",
    ),
    path(
        "account/app/remove/",
        app.DeactivateTOTPView.as_view(template_name=f"{_PAGES}/app_remove.html"),
        name="mfa_deactivate_totp",
    ),
    path(
        "account/codes/",
        codes.ViewRecoveryCodesView.as_view(template_name=f"{_PAGES}/codes.html"),
        name="mfa_view_recovery_codes",
    ),
    path(
        "account/codes/new/",
        codes.GenerateRecoveryCodesView.as_view(template_name=f"{_PAGES}/codes_new.html"),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/codes/recovery-codes.txt",
        codes.DownloadRecoveryCodesView.as_view(template_name=f"{_PAGES}/codes.txt"),
        name="mfa_download_recovery_codes",
    ),
    path("account/passkeys/", _account_page, name="mfa_list_webauthn"),
    path(
        "account/passkeys/new/",
        passkeys.AddWebAuthnView.as_view(template_name=f"{_PAGES}/passkey_new.html"),
        name="mfa_add_webauthn",
    ),
    path(
        "account/passkeys/<int:passkey_id>/",
        passkeys.EditWebAuthnView.as_view(template_name=f"{_PAGES}/passkey.html", pk_url_kwarg="passkey_id"),
        name="mfa_edit_webauthn",
    ),
    path(
        "account/passkeys/<int:passkey_id>/remove/",
        passkeys.RemoveWebAuthnView.as_view(template_name=f"{_PAGES}/passkey_remove.html", pk_url_kwarg="passkey_id"),
        name="mfa_remove_webauthn",
    ),
]

urlpatterns = [
    path("", views.home, name="home"),
    *_signing_in,
    *_password_by_mail,
    *_invitations,
    *_account,
]

"""URL patterns of sign-in, second factors, sessions and people. Only the used parts of allauth are routed."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions import views as sessions
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from waybillguard.service.people import passkey_views as passkeys
from waybillguard.service.people import staff_views, views
from waybillguard.service.people.scim import pages as directory
from waybillguard.service.people.sso import pages as sign_on
from waybillguard.service.people.sso import views as sso


@csrf_exempt  # authenticated by a bearer token, never by a cookie
def scim(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer a directory. SCIM is imported on first use: it costs a tenth of a start, few use it."""
    from waybillguard.service.people.scim.views import endpoint

    return endpoint(request, rest)


urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("login/code/", passkeys.AuthenticateView.as_view(), name="mfa_authenticate"),
    path("login/passkey/", passkeys.LoginView.as_view(), name="mfa_login_webauthn"),
    path("sso/", sso.which, name="sso_which"),
    path("sso/<slug:slug>/", sso.start, name="sso_start"),
    path("sso/<slug:slug>/callback/", sso.callback, name="sso_callback"),
    path("sso/<slug:slug>/acs/", sso.acs, name="sso_acs"),
    path("sso/<slug:slug>/acs/finish/", sso.acs_finish, name="sso_acs_finish"),
    path("sso/<slug:slug>/metadata/", sso.metadata, name="sso_metadata"),
    path("sso/<slug:slug>/logout/", sso.back_channel_logout, name="sso_logout"),
    path("account/confirm-at-provider/", sso.again, name="sso_again"),
    path("account/provider/link/", sign_on.link, name="sso_link"),
    path("account/provider/unlink/", sign_on.own_unlink, name="sso_unlink"),
    path("people/single-sign-on/", sign_on.single_sign_on, name="single_sign_on"),
    path("people/single-sign-on/try/", sign_on.trial, name="sso_try"),
    path("people/single-sign-on/on/", sign_on.switch_on, name="sso_on"),
    path("people/single-sign-on/off/", sign_on.switch_off, name="sso_off"),
    path("people/single-sign-on/oidc/", sign_on.save, {"kind": "oidc"}, name="sso_save_oidc"),
    path("people/single-sign-on/saml/", sign_on.save, {"kind": "saml"}, name="sso_save_saml"),
    path("people/<int:pk>/unlink/", sign_on.person_unlink, name="person_unlink"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("setup/<str:secret>/", views.setup, name="setup"),
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(
        "account/confirm/passkey/", passkeys.ReauthenticateView.as_view(), name="mfa_reauthenticate_webauthn"
    ),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/second-factor/", views.second_factor, name="second_factor"),
    path("account/security/", mfa.index, name="mfa_index"),
    path("account/app/", passkeys.require_code(totp.activate_totp), name="mfa_activate_totp"),
    path("account/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path(
        "account/passkeys/add/",
        passkeys.require_code(passkeys.AddPasskeyView.as_view()),
        name="mfa_add_webauthn",
    ),
    path("account/passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/passkeys/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/recovery/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/recovery/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/recovery/file/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("account/sessions/", sessions.list_usersessions, name="usersessions_list"),
    path("account/tokens/", views.tokens, name="tokens"),
    path("account/tokens/<int:pk>/revoke/", views.token_revoke, name="token_revoke"),
    path("people/", views.people, name="people"),
    path("people/add/", views.person_add, name="person_add"),
    path("people/directory/", directory.directory, name="directory"),
    path("people/directory/tokens/", directory.token_add, name="directory_token_add"),
    path("people/directory/tokens/<int:pk>/revoke/", directory.token_revoke, name="directory_token_revoke"),
    path("people/directory/groups/<int:pk>/", directory.group_role, name="directory_group"),
    path("scim/v2/", include(([path("<path:rest>", scim, name="scim")], "scim"))),
    path("people/<int:pk>/", staff_views.person, name="person"),
    path("people/<int:pk>/employment/", staff_views.person_edit, name="person_edit"),
    path("people/<int:pk>/role/", staff_views.person_role, name="person_role"),
    path("people/restrictions/<int:pk>/lift/", staff_views.restriction_lift, name="restriction_lift"),
    path("people/<int:pk>/wake/", staff_views.person_wake, name="person_wake"),
    path("people/<int:pk>/sessions/<int:session>/end/", staff_views.session_end, name="session_end"),
    path("account/browsers/<int:pk>/known/", staff_views.browser_known, name="browser_known"),
    path("people/<int:pk>/link/", views.person_link, name="person_link"),
    path("people/<int:pk>/deactivate/", views.person_deactivate, name="person_deactivate"),
    path("", include("waybillguard.service.people.badges.urls")),
    path("", include("waybillguard.service.people.devices.urls")),
    path("", include("waybillguard.service.people.machine_keys.urls")),
    path("", include("waybillguard.service.people.merchants.urls")),
    path("", include("waybillguard.service.people.sites.urls")),
]

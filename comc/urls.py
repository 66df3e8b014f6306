"""Every address of the product, by its front door."""

from allauth.account.urls import urlpatterns as allauth_urls
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts.views import activate_second_factor
from portal.urls.inbound import webhook

# Of allauth's pages only those that we use: nobody signs up, and addresses are changed by the programme team.
ACCOUNT_PAGES = {
    "account_login", "account_logout", "account_reauthenticate", "account_request_login_code",
    "account_confirm_login_code", "account_inactive", "account_signup", "account_change_password",
    "account_set_password", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done",
}  # fmt: skip

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include([page for page in allauth_urls if page.name in ACCOUNT_PAGES])),
    path("account/2fa/totp/activate/", activate_second_factor),  # before allauth's own page, which it extends
    path("account/2fa/", include("allauth.mfa.urls")),
    path("", include("portal.urls")),
]
if settings.ONE_CLICK_SIGN_IN:
    urlpatterns.insert(0, path("demo/", include("portal.demo_urls")))
if settings.INBOUND_DOMAIN and settings.INBOUND_SERVICE:
    urlpatterns.insert(0, webhook(settings.INBOUND_SERVICE))
if settings.TRACKING_SERVICE:
    urlpatterns.insert(0, webhook(settings.TRACKING_SERVICE, "tracking"))

handler403 = "portal.views.errors.forbidden"
handler404 = "portal.views.errors.not_found"
handler500 = "portal.views.errors.server_error"

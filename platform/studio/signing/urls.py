"""Who somebody is: signing in and out, and one's own account."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from studio.signing import views

urlpatterns = [
    path("", views.home, name="home"),
    path(
        "sign-in/",
        LoginView.as_view(template_name="studio/sign_in.html", redirect_authenticated_user=True),
        name="account_login",
    ),
    path("sign-out/", LogoutView.as_view(next_page="account_login"), name="account_logout"),
    path("account/", views.account, name="account"),
]

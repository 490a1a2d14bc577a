"""The studio host: for those who write and edit. A view of a tenant declares the power that it needs."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from studio import views

urlpatterns = [
    path("", views.home, name="home"),
    path(
        "sign-in/",
        LoginView.as_view(template_name="studio/sign_in.html", redirect_authenticated_user=True),
        name="login",
    ),
    path("sign-out/", LogoutView.as_view(next_page="login"), name="logout"),
    path("<slug:tenant>/articles/", views.articles, name="articles"),
    path("<slug:tenant>/articles/<int:article_id>/", views.article, name="article"),
]

handler403 = "studio.errors.forbidden"
handler404 = "studio.errors.missing"
handler500 = "studio.errors.broken"

"""Addresses beneath /members/. Those beneath prefixes of their own are modules beside this one."""

from django.urls import include, path

urlpatterns = [
    path("", include("members.urls.accounts")),
    path("", include("members.urls.membership")),
    path("", include("members.urls.money")),
    path("learning/", include("members.urls.learning")),
    path("", include("members.urls.people")),
]

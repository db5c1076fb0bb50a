"""Addresses of /guide/ and /news/."""

from django.urls import path

from members.views import articles as views

urlpatterns = [
    path("guide/", views.guide, name="guide"),
    path("guide/<slug:guide_slug>/", views.guide_page, name="guide_page"),
    path("news/", views.news, name="news"),
    path("news/feed/", views.news_feed, name="news_feed"),
    path("news/<slug:news_slug>/", views.news_item, name="news_item"),
]

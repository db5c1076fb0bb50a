"""Addresses of /listings/: jobs and volunteer roles."""

from django.urls import path

from members.views import vacancies as views

urlpatterns = [
    path("", views.vacancies, name="vacancies"),
    path("feed/", views.feed, name="vacancy_feed"),
    path("new/", views.vacancy_new, name="vacancy_new"),
    path("new/sent/", views.vacancy_sent, name="vacancy_sent"),
    path("mine/<str:vacancy_token>/", views.vacancy_own, name="vacancy_own"),
    path("mine/<str:vacancy_token>/confirm/", views.vacancy_confirm, name="vacancy_confirm"),
    path("mine/<str:vacancy_token>/edit/", views.vacancy_edit, name="vacancy_edit"),
    path("mine/<str:vacancy_token>/renew/", views.vacancy_renew, name="vacancy_renew"),
    path("mine/<str:vacancy_token>/withdraw/", views.vacancy_withdraw, name="vacancy_withdraw"),
    path("mine/<str:vacancy_token>/outcome/", views.vacancy_outcome, name="vacancy_outcome"),
    path("<slug:vacancy_slug>/", views.vacancy, name="vacancy"),
]

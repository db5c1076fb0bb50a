"""Addresses of the whole site. Each app keeps its own beneath one prefix."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from directory.api.views import about
from directory.views import data
from directory.views.listing import short_link
from linkworkers import views
from linkworkers.your_data import your_data

# The office logs in where everybody does: with the same limits, and the same second factor.
admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", views.home, name="home"),
    path("today/", views.today, name="today"),
    path("healthz", views.healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
    path("members/data/", your_data, name="your_data"),
    path("members/", include("members.urls")),
    path("verify/", include("members.urls.verify")),
    path("communities/", include("members.urls.communities")),
    path("courses/", include("members.urls.courses")),
    path("listings/", include("members.urls.vacancies")),
    path("", include("members.urls.articles")),
    path("robots.txt", data.robots, name="robots"),
    path("sitemap.xml", data.sitemap, name="sitemap"),
    path("sitemap-<section>.xml", data.sitemap_section, name="sitemap_section"),
    path("directory/", include("directory.urls")),
    path("api/oruk/v3", about, name="oruk_base"),
    path("api/oruk/v3/", include("directory.api.urls")),
    path("s/<slug:code>", short_link, name="short_link"),
    path("referrals/", include("referrals.urls")),
    path("volunteers/", include("volunteers.urls")),
    path("events/", include("events.urls")),
    # One way to change a password: the one with its limits, its mail and its line in the audit trail.
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
]

handler400 = "linkworkers.views.bad_request"
handler403 = "linkworkers.views.permission_denied"
handler404 = "linkworkers.views.not_found"
handler500 = "linkworkers.http.server_error"

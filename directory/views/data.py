"""The open data for people: files to take away, and what machines that read the site are told."""

from django.conf import settings
from django.contrib.sitemaps import views as sitemaps
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from directory import dumps
from directory import sitemaps as of_directory
from members import sitemaps as of_members

SITEMAPS = {**of_directory.SITEMAPS, **of_members.SITEMAPS}
for _more in settings.MORE_SITEMAPS:
    SITEMAPS.update(import_string(_more))
# Results of searches are without end, and every listing is in the site map.
NOT_CRAWLED = (
    "/directory/?",
    "/directory/leaflet.pdf",
    "/directory/still-right/",
    "/directory/claims/",
    "/directory/counter/",
    "/listings/?",
    "/listings/mine/",
    "/api/",
    "/events/?",
    "/events/past/?",
    "/events/speakers/",
)


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    return render(request, "directory/data.html", {"dumps": dumps.available(), "licence": dumps.LICENCE})


@require_safe
@cache_control(public=True, max_age=300)
def dump(request: HttpRequest, name: str) -> FileResponse:
    """One file. It is sent as it is, and opened once: one that is replaced meanwhile is sent to its end."""
    found = dumps.find(name)
    if found is None:
        raise Http404
    try:
        file = open(found.path, "rb")  # noqa: SIM115 - the response closes it
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/gzip")


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Which files the site map is in."""
    return sitemaps.index(request, SITEMAPS, sitemap_url_name="sitemap_section")


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    """One of them."""
    return sitemaps.sitemap(request, SITEMAPS, section)


@require_safe
@cache_control(public=True, max_age=86400)
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_CRAWLED)]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")

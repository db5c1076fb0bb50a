"""Addresses of the open data. Each is the same with a slash behind it and without; neither sends on to the other."""

from django.urls import path, re_path

from directory.api import docs, views

urlpatterns = [
    path("", views.about, name="oruk"),
    path("docs/", docs.docs, name="oruk_docs"),
    re_path(r"^openapi\.json/?$", views.openapi, name="oruk_openapi"),
    re_path(r"^services/?$", views.services, name="oruk_services"),
    re_path(r"^services/(?P<service_id>[^/]+)/?$", views.service, name="oruk_service"),
    re_path(r"^service_at_locations/?$", views.service_at_locations, name="oruk_service_at_locations"),
    re_path(
        r"^service_at_locations/(?P<place_id>[^/]+)/?$", views.service_at_location, name="oruk_service_at_location"
    ),
    re_path(r"^taxonomies/?$", views.taxonomies, name="oruk_taxonomies"),
    re_path(r"^taxonomies/(?P<taxonomy_id>[^/]+)/?$", views.taxonomy, name="oruk_taxonomy"),
    re_path(r"^taxonomy_terms/?$", views.taxonomy_terms, name="oruk_taxonomy_terms"),
    re_path(r"^taxonomy_terms/(?P<term_id>[^/]+)/?$", views.taxonomy_term, name="oruk_taxonomy_term"),
    path("<path:rest>", views.nothing, name="oruk_nothing"),
]

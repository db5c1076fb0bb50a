"""Addresses of the directory. The words here are never a listing's: see `directory.slugs`."""

from django.urls import path

from directory.views import (
    collections,
    connectors,
    counter,
    data,
    freshness,
    gaps,
    leaflets,
    listing,
    owners,
    search,
    suggestions,
)

urlpatterns = [
    path("", search.search, name="directory_search"),
    path("map/names.json", search.map_names, name="map_names"),
    path("leaflet.pdf", leaflets.search_leaflet, name="search_leaflet"),
    path("gaps/", gaps.gaps, name="gaps"),
    path("data/", data.open_data, name="open_data"),
    path("data/<str:name>", data.dump, name="dump"),
    # Favourites and collections
    path("collections/", collections.collections, name="collections"),
    path("collections/new/", collections.new, name="collection_new"),
    path("collections/<slug:collection_key>/", collections.collection, name="collection"),
    path("collections/<slug:collection_key>/edit/", collections.edit, name="collection_edit"),
    path("collections/<slug:collection_key>/delete/", collections.delete, name="collection_delete"),
    path("collections/<slug:collection_key>/leaflet.pdf", leaflets.collection_leaflet, name="collection_leaflet"),
    path("collections/<slug:collection_key>/<slug:slug>/remove/", collections.remove, name="collection_remove"),
    # Community connectors and their counters
    path("connectors/", connectors.connectors, name="connectors"),
    path("connectors/new/", connectors.new, name="connector_new"),
    path("connectors/<int:connector_id>/", connectors.edit, name="connector_edit"),
    path("connectors/<int:connector_id>/poster.pdf", connectors.poster, name="connector_poster"),
    path("counter/worker.js", counter.worker, name="counter_worker"),
    path("counter/<slug:counter_token>/", counter.counter, name="counter"),
    path("counter/<slug:counter_token>/taps/", counter.taps, name="counter_taps"),
    path("counter/<slug:counter_token>/app.webmanifest", counter.manifest, name="counter_manifest"),
    # Keeping listings true, and one's own
    path("suggest/", suggestions.suggest_missing, name="listing_suggest"),
    path("still-right/<str:letter_token>/", freshness.confirm, name="service_confirm"),
    path("claims/<str:claim_token>/", owners.claim_confirm, name="claim_confirm"),
    path("mine/", owners.kept, name="listings_kept"),
    path("mine/new/", owners.new, name="service_new"),
    # One listing. Last, for a slug may be anything that is not a word above.
    path("<slug:slug>/", listing.listing, name="service"),
    path("<slug:slug>/collect/", collections.collect, name="service_collect"),
    path("<slug:slug>/favourite/", collections.favourite, name="service_favourite"),
    path("<slug:slug>/qr.svg", leaflets.service_qr, name="service_qr"),
    path("<slug:slug>/poster.pdf", leaflets.service_poster, name="service_poster"),
    path("<slug:slug>/suggest/", suggestions.suggest, name="service_suggest"),
    path("<slug:slug>/checked/", freshness.assure, name="service_assure"),
    path("<slug:slug>/claim/", owners.claim, name="service_claim"),
    path("<slug:slug>/edit/", owners.edit, name="service_edit"),
]

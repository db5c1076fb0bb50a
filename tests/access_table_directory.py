"""Who gets in where in the directory. `access_table` says how to read it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

The directory is for anybody. A map of nowhere shows no names.
GET   directory_search                    ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   map_names                           400 400 400 400 400 400 400 400 400 400 400
GET   service                             ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   short_link                          go  go  go  go  go  go  go  go  go  go  go  > service

Keeping listings true: whoever sends people there says how a listing is, and whoever has a link in a letter. This one
is the provider's.
FORM  service_suggest                     ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  listing_suggest                     ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  service_assure                      in  ok  ok  ok  no  ok  ok  ok  no  ok  ok
FORM  service_confirm                     ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  service_claim                       ok  ok  ok  ok  ok  ok  ok  ok  ok  go  ok  > listings_kept
FORM  claim_confirm                       ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   listings_kept                       in  no  no  no  no  no  no  no  no  ok  no
FORM  service_edit                        in  no  no  no  no  no  no  no  no  ok  no
FORM  service_new                         in  no  no  no  no  no  no  no  no  ok  no

Collections are kept by whoever has a post. This one is the link worker's, shared with the network and by no link.
POST  service_favourite                   in  go  go  go  go  go  go  go  go  go  go  > service
FORM  service_collect                     in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   collections                         in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  collection_new                      in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   collection                          no  ok  ok  no  no  no  ok  ok  no  no  no
GET   collection_leaflet                  no  ok  ok  no  no  no  ok  ok  no  no  no
FORM  collection_edit                     in  ok  ok  no  no  no  ok  ok  no  no  no
FORM  collection_delete                   in  ok  no  no  no  no  no  no  no  no  no  > collections
POST  collection_remove                   in  go  go  no  no  no  go  go  no  no  no  > collection

Paper, for anybody
GET   search_leaflet                      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   service_poster                      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   service_qr                          ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok

Community connectors are run by their network; an outsider runs others. Whoever has a counter's link counts on it.
GET   connectors                          in  ok  ok  ok  no  no  ok  ok  no  no  ok
FORM  connector_new                       in  ok  ok  ok  no  no  ok  ok  no  no  ok
FORM  connector_edit                      in  ok  ok  no  no  no  ok  ok  no  no  ok
GET   connector_poster                    in  ok  ok  no  no  no  ok  ok  no  no  ok
FORM  counter                             ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  > counter
POST  counter_taps                        400 400 400 400 400 400 400 400 400 400 400
GET   counter_worker                      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   counter_manifest                    ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok

The open data, for people and for programs. No files have been written yet.
GET   open_data                           ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   dump                                no  no  no  no  no  no  no  no  no  no  no
GET   oruk_docs                           ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   oruk_base                           ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   oruk                                ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   oruk_openapi                        ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   oruk_services                       ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   oruk_service                        ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   oruk_service_at_locations           ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   oruk_service_at_location            ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   oruk_taxonomies                     ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   oruk_taxonomy                       ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   oruk_taxonomy_terms                 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   oruk_taxonomy_term                  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   oruk_nothing                        no  no  no  no  no  no  no  no  no  no  no
GET   sitemap                             ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   sitemap_section                     ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   robots                              ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok

What is missing
GET   gaps                                in  no  no  no  no  no  no  ok  no  no  ok
"""

OFFICE = """
                                                any oth adm

FORM  admin:directory_suggestion_changelist     in  in  ok
FORM  admin:directory_suggestion_add            in  in  403
FORM  admin:directory_suggestion_change         in  in  ok
FORM  admin:directory_suggestion_delete         in  in  403
GET   admin:directory_suggestion_history        in  in  ok
GET   /admin/directory/suggestion/<object_id>/  in  in  go  > admin:directory_suggestion_change

FORM  admin:directory_claim_changelist          in  in  ok
FORM  admin:directory_claim_add                 in  in  403
FORM  admin:directory_claim_change              in  in  ok
FORM  admin:directory_claim_delete              in  in  403
GET   admin:directory_claim_history             in  in  ok
GET   /admin/directory/claim/<object_id>/       in  in  go  > admin:directory_claim_change

FORM  admin:directory_revision_changelist       in  in  ok
FORM  admin:directory_revision_add              in  in  403
FORM  admin:directory_revision_change           in  in  ok
FORM  admin:directory_revision_delete           in  in  403
GET   admin:directory_revision_history          in  in  ok
GET   /admin/directory/revision/<object_id>/    in  in  go  > admin:directory_revision_change

FORM  admin:directory_service_changelist        in  in  ok
FORM  admin:directory_service_add               in  in  ok
FORM  admin:directory_service_change            in  in  ok
FORM  admin:directory_service_delete            in  in  403
GET   admin:directory_service_history           in  in  ok
GET   /admin/directory/service/<object_id>/     in  in  go  > admin:directory_service_change

FORM  admin:directory_organization_changelist   in  in  ok
FORM  admin:directory_organization_add          in  in  ok
FORM  admin:directory_organization_change       in  in  ok
FORM  admin:directory_organization_delete       in  in  403
GET   admin:directory_organization_history      in  in  ok
GET   /admin/directory/organization/<object_id>/  in  in  go  > admin:directory_organization_change

FORM  admin:directory_location_changelist       in  in  ok
FORM  admin:directory_location_add              in  in  ok
FORM  admin:directory_location_change           in  in  ok
FORM  admin:directory_location_delete           in  in  403
GET   admin:directory_location_history          in  in  ok
GET   /admin/directory/location/<object_id>/    in  in  go  > admin:directory_location_change

FORM  admin:directory_taxonomy_changelist       in  in  ok
FORM  admin:directory_taxonomy_add              in  in  ok
FORM  admin:directory_taxonomy_change           in  in  ok
FORM  admin:directory_taxonomy_delete           in  in  403
GET   admin:directory_taxonomy_history          in  in  ok
GET   /admin/directory/taxonomy/<object_id>/    in  in  go  > admin:directory_taxonomy_change

FORM  admin:directory_taxonomyterm_changelist   in  in  ok
FORM  admin:directory_taxonomyterm_add          in  in  ok
FORM  admin:directory_taxonomyterm_change       in  in  ok
FORM  admin:directory_taxonomyterm_delete       in  in  403
GET   admin:directory_taxonomyterm_history      in  in  ok
GET   /admin/directory/taxonomyterm/<object_id>/  in  in  go  > admin:directory_taxonomyterm_change

FORM  admin:directory_importrun_changelist      in  in  ok
FORM  admin:directory_importrun_add             in  in  ok
GET   admin:directory_importrun_change          in  in  ok
POST  admin:directory_importrun_change          in  in  403
FORM  admin:directory_importrun_delete          in  in  403
GET   admin:directory_importrun_history         in  in  ok
GET   /admin/directory/importrun/<object_id>/   in  in  go  > admin:directory_importrun_change

FORM  admin:directory_synonym_changelist        in  in  ok
FORM  admin:directory_synonym_add               in  in  ok
FORM  admin:directory_synonym_change            in  in  ok
FORM  admin:directory_synonym_delete            in  in  ok  > admin:directory_synonym_changelist
GET   admin:directory_synonym_history           in  in  ok
GET   /admin/directory/synonym/<object_id>/     in  in  go  > admin:directory_synonym_change

FORM  admin:directory_connector_changelist      in  in  ok
FORM  admin:directory_connector_add             in  in  403
GET   admin:directory_connector_change          in  in  ok
POST  admin:directory_connector_change          in  in  403
FORM  admin:directory_connector_delete          in  in  403
GET   admin:directory_connector_history         in  in  ok
GET   /admin/directory/connector/<object_id>/   in  in  go  > admin:directory_connector_change

FORM  admin:directory_collection_changelist     in  in  ok
FORM  admin:directory_collection_add            in  in  403
GET   admin:directory_collection_change         in  in  ok
POST  admin:directory_collection_change         in  in  403
FORM  admin:directory_collection_delete         in  in  403
GET   admin:directory_collection_history        in  in  ok
GET   /admin/directory/collection/<object_id>/  in  in  go  > admin:directory_collection_change
"""

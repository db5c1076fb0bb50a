"""The part of access_table.py about the public pages of events, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

Announced events are for everybody.
GET   events                              ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   events_past                         ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   events_feed                         ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   event                               ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   event_calendar                      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   event_programme                     ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   event_programme_pdf                 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   event_programme_item                ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   event_speaker_photo                 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok

A speaker's page is opened by its link, and needs no account.
FORM  event_speaker                       ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  > event_speaker
GET   event_speaker_own_photo             ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST  event_speaker_photo_remove          go  go  go  go  go  go  go  go  go  go  go  > event_speaker
"""

OFFICE = """
                                                any oth adm
"""

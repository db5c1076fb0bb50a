"""The part of access_table.py about what attendees have, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

GET   events_mine                         in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   event_joining                       in  no  no  no  no  no  no  no  ok  no  ok
GET   event_people                        in  no  no  no  no  no  no  no  ok  no  ok

By the link of a ticket.
GET   event_ticket_joining                ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
"""

OFFICE = """
                                                any oth adm
"""

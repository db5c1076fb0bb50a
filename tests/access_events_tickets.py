"""The part of access_table.py about tickets and the waitlist, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

Whoever has the link has the ticket, or the place on the list.
GET   event_ticket                        ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   event_wait                          ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
"""

OFFICE = """
                                                any oth adm
"""

"""The part of access_table.py about booking, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

GET   event_book                          ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok

Whoever has the link of a booking has the booking.
GET   event_order                         ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
"""

OFFICE = """
                                                any oth adm
"""

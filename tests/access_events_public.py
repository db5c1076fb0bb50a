"""The part of access_table.py about the public pages of events, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

Announced events are for everybody.
GET   events                              ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   event                               ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
"""

OFFICE = """
                                                any oth adm
"""

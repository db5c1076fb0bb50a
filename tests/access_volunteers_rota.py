"""The part of access_table.py about my shifts, the rota, signing up, assigning, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

GET   my_shifts                           in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   rota                                in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
"""

OFFICE = """
                                          any oth adm
"""

"""The part of access_table.py about booking into slots and the volunteer’s day, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm
"""

OFFICE = """
                                          any oth adm
"""

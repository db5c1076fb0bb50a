"""The part of access_table.py about the office's pages of events, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm
"""

OFFICE = """
                                                any oth adm
"""

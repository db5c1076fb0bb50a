"""The part of access_table.py about what comes after an event, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm


"""

OFFICE = """
                                                any oth adm
"""

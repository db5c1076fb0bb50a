"""The part of access_table.py about calls for contributions and their review, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm


"""

OFFICE = """
                                                any oth adm
"""

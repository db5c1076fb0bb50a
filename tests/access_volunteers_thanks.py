"""The part of access_table.py about hours, thanks, the photo board and impact, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm
"""

OFFICE = """
                                          any oth adm
"""

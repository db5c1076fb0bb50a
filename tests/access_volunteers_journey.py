"""The part of access_table.py about applying, the stages, checks, references, pausing and leaving, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm
"""

OFFICE = """
                                          any oth adm
"""

"""The part of access_table.py about claims, receipts, mileage, approval and payment, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm
"""

OFFICE = """
                                          any oth adm
"""

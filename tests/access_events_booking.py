"""The part of access_table.py about booking, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

FORM  event_book                          ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok

Whoever has the link of a booking has the booking. No card is taken here.
FORM  event_order                         ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  > event_order
POST  event_order_give_up                 go  go  go  go  go  go  go  go  go  go  go  > event_order
POST  event_order_card                    no  no  no  no  no  no  no  no  no  no  no
GET   event_order_paid                    ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   event_order_paper                   ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  event_order_give_back               ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  > event_order
FORM  event_order_hand_on                 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  > event_order
"""

OFFICE = """
                                                any oth adm
"""

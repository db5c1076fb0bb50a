"""The part of access_table.py about calendars, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

Whoever holds a calendar's address reads it: programs do not log in. A file of one's own shift or place is one's own.
GET   calendar_feed                       in  no  no  no  no  ok  no  no  no  no  no
POST  calendar_feed_make                  in  no  no  no  no  go  no  no  no  no  no  > calendar_feed
POST  calendar_feed_off                   in  no  no  no  no  go  no  no  no  no  no  > calendar_feed
GET   calendar_feed_ics                   ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   shift_ics                           in  no  no  no  no  ok  no  no  no  no  no
GET   training_ics                        in  no  no  no  no  ok  no  no  no  no  no
"""

OFFICE = """
                                          any oth adm
"""

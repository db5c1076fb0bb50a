"""The part of access_table.py about tickets and the waitlist, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

Whoever has the link has the ticket, or the place on the list.
GET   event_ticket                        ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   event_ticket_pdf                    ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   event_ticket_ics                    ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   event_ticket_needs                  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST  event_ticket_needs                  go  go  go  go  go  go  go  go  go  go  go  > event_ticket
POST  event_ticket_listed                 go  403 403 403 403 403 403 403 go  403 403  > event_ticket
GET   event_ticket_sessions               ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST  event_ticket_sessions               go  go  go  go  go  go  go  go  go  go  go  > event_ticket
GET   event_ticket_give_back              ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST  event_ticket_give_back              go  go  go  go  go  go  go  go  go  go  go  > event_ticket
FORM  event_ticket_hand_on                ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST  event_ticket_mine                   in  go  go  go  go  go  go  go  go  go  go  > event_ticket
GET   event_wait                          ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST  event_wait_leave                    go  go  go  go  go  go  go  go  go  go  go  > event_wait
"""

OFFICE = """
                                                any oth adm
"""

"""The part of access_table.py about booking into slots and the volunteer’s day, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

Booking somebody: the practice that referred, and the network's link workers. Lists hold what each may see.
FORM  booking_new                         in  ok  ok  no  ok  no  no  no  no  no  no
GET   booking_at_desk                     in  ok  ok  no  ok  no  no  no  no  no  no
GET   booking_slip                        in  ok  ok  no  ok  no  no  no  no  no  no
FORM  booking_move                        in  ok  ok  no  ok  no  no  no  no  no  no
FORM  booking_cancel                      in  ok  ok  no  ok  no  no  no  no  no  no  > booking_at_desk
POST  booking_confirm                     in  go  go  no  go  no  no  no  no  no  no  > bookings_to_offer
GET   bookings                            in  ok  ok  ok  ok  no  no  no  no  no  no
GET   bookings_to_offer                   in  ok  ok  ok  ok  no  no  no  no  no  no
GET   bookings_list                       in  ok  ok  ok  ok  no  no  no  no  no  no

The volunteer's day: theirs alone.
GET   volunteer_day                       in  no  no  no  no  ok  no  no  no  no  no
GET   volunteer_day_on                    in  no  no  no  no  ok  no  no  no  no  no
GET   volunteer_day_sheet                 in  no  no  no  no  ok  no  no  no  no  no
GET   booking                             in  no  no  no  no  ok  no  no  no  no  no
POST  booking_mark                        in  no  no  no  no  go  no  no  no  no  no  > volunteer_day_on
FORM  booking_write_up                    in  no  no  no  no  ok  no  no  no  no  no
"""

OFFICE = """
                                          any oth adm
"""

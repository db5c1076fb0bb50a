"""The part of access_table.py about clinics, rooms, patterns and sessions, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

Clinics: whoever has to do with volunteers sees those of theirs; the coordinator changes them.
GET   clinics                             in  ok  ok  ok  ok  ok  ok  ok  no  no  no
GET   clinic                              in  ok  ok  no  ok  ok  ok  ok  no  no  no
FORM  clinic_new                          in  no  no  no  no  no  ok  no  no  no  no
FORM  clinic_edit                         in  no  no  no  no  no  ok  no  no  no  no
FORM  clinic_end                          in  no  no  no  no  no  ok  no  no  no  no
GET   rooms                               in  no  no  no  no  no  ok  no  no  no  no
FORM  room_new                            in  no  no  no  no  no  ok  no  no  no  no
FORM  room_edit                           in  no  no  no  no  no  ok  no  no  no  no

Their sessions.
GET   session                             in  ok  ok  no  ok  ok  ok  ok  no  no  no
FORM  session_new                         in  no  no  no  no  no  ok  no  no  no  no
FORM  session_edit                        in  no  no  no  no  no  ok  no  no  no  no
FORM  session_move                        in  no  no  no  no  no  ok  no  no  no  no
FORM  session_cancel                      in  no  no  no  no  no  ok  no  no  no  no
"""

OFFICE = """
                                          any oth adm
"""

"""The part of access_table.py about my shifts, the rota, signing up, assigning, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

GET   my_shifts                           in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   rota                                in  ok  ok  ok  ok  ok  ok  ok  no  no  no
GET   rota_poster                         in  no  no  no  no  no  no  no  no  no  no
POST  shift_take                          in  no  no  no  no  go  no  no  no  no  no  > my_shifts
FORM  shift_give_up                       in  no  no  no  no  ok  no  no  no  no  no  > my_shifts
FORM  session_assign                      in  no  no  no  no  no  ok  no  no  no  no
FORM  shift_end                           in  no  no  no  no  no  ok  no  no  no  no  > session_assign
POST  shift_attended                      in  no  no  no  no  no  go  no  no  no  no  > session_assign
"""

OFFICE = """
                                          any oth adm
"""

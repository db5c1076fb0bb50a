"""The part of access_table.py about cover requests and swaps, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

GET   cover_requests                      in  no  no  no  no  ok  ok  no  no  no  no
FORM  cover                               in  no  no  no  no  ok  ok  no  no  no  no  > cover
FORM  cover_ask                           in  no  no  no  no  ok  ok  no  no  no  no  > cover
FORM  cover_ask_session                   in  no  no  no  no  no  ok  no  no  no  no  > cover
GET   swaps                               in  no  no  no  no  ok  ok  no  no  no  no
FORM  swap                                in  no  no  no  no  ok  ok  no  no  no  no  > swap
FORM  swap_offer                          in  no  no  no  no  ok  no  no  no  no  no

Whoever has the link of the mail says with it that they cannot.
FORM  cover_answer                        ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  > cover_answer
"""

OFFICE = """
                                                  any oth adm

FORM  admin:volunteers_coverrequest_changelist    in  in  ok
FORM  admin:volunteers_coverrequest_add           in  in  403
GET   admin:volunteers_coverrequest_change        in  in  ok
POST  admin:volunteers_coverrequest_change        in  in  403
FORM  admin:volunteers_coverrequest_delete        in  in  403
GET   admin:volunteers_coverrequest_history       in  in  ok
GET   /admin/volunteers/coverrequest/<object_id>/ in  in  go  > admin:volunteers_coverrequest_change

FORM  admin:volunteers_swap_changelist            in  in  ok
FORM  admin:volunteers_swap_add                   in  in  403
GET   admin:volunteers_swap_change                in  in  ok
POST  admin:volunteers_swap_change                in  in  403
FORM  admin:volunteers_swap_delete                in  in  403
GET   admin:volunteers_swap_history               in  in  ok
GET   /admin/volunteers/swap/<object_id>/         in  in  go  > admin:volunteers_swap_change
"""

"""The part of access_table.py about the door of an event, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

The coordinator has the door. A badge's code leads to a page about nothing for everybody else.
GET   event_scan                          ok  ok  ok  ok  ok  ok  go  ok  ok  ok  go  > event_check_in
GET   event_check_in                      in  no  no  no  no  no  ok  no  no  no  ok
POST  event_check_in                      in  no  no  no  no  no  no  no  no  no  no
POST  event_scans                         in  no  no  no  no  no  400 no  no  no  400
GET   event_codes                         in  no  no  no  no  no  ok  no  no  no  ok
FORM  event_check_in_undo                 in  no  no  no  no  no  ok  no  no  no  ok  > event_check_in
GET   event_door_problems                 in  no  no  no  no  no  ok  no  no  no  ok
FORM  event_walk_in                       in  no  no  no  no  no  ok  no  no  no  ok  > event_check_in
GET   event_desk_list                     in  no  no  no  no  no  ok  no  no  no  ok
GET   event_badges                        in  no  no  no  no  no  ok  no  no  no  ok
GET   event_badges_pdf                    in  no  no  no  no  no  ok  no  no  no  ok

What a telephone keeps for when there is no network: it names nobody.
GET   event_check_in_shell                ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   event_check_in_worker               ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
"""

OFFICE = """
                                                any oth adm
"""

"""The part of access_table.py about applying, the stages, checks, references, pausing and leaving, read like it.

The volunteer of these addresses is `vol`, active at the practice; `coo` coordinates in its network.
"""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

GET   volunteer_apply                     ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  volunteer_apply_at                  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   volunteer_applied                   ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  volunteer_application               ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  volunteer_application_withdraw      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  > volunteer_application
POST  volunteer_application_come_back     go  go  go  go  go  go  go  go  go  go  go  > volunteer_application
FORM  volunteer_reference                 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok

GET   volunteer_list                      in  no  no  no  no  no  ok  no  no  no  no
GET   volunteer                           in  no  no  no  no  no  ok  no  no  no  no
FORM  volunteer_interview                 in  no  no  no  no  no  ok  no  no  no  no
FORM  volunteer_stage                     in  no  no  no  no  no  ok  no  no  no  no
FORM  volunteer_decline                   in  no  no  no  no  no  ok  no  no  no  no
FORM  volunteer_induction                 in  no  no  no  no  no  ok  no  no  no  no
FORM  volunteer_activate                  in  no  no  no  no  no  ok  no  no  no  no
POST  volunteer_reconsider                in  no  no  no  no  no  go  no  no  no  no  > volunteer
FORM  volunteer_details                   in  no  no  no  no  no  ok  no  no  no  no
POST  volunteer_note                      in  no  no  no  no  no  ok  no  no  no  no
FORM  volunteer_check                     in  no  no  no  no  no  ok  no  no  no  no
FORM  volunteer_references                in  no  no  no  no  no  ok  no  no  no  no
POST  volunteer_references_good           in  no  no  no  no  no  go  no  no  no  no  > volunteer_references
POST  volunteer_reference_ask             in  no  no  no  no  no  go  no  no  no  no  > volunteer_references
GET   volunteer_roles                     in  no  no  no  no  no  ok  no  no  no  no
FORM  volunteer_role_new                  in  no  no  no  no  no  ok  no  no  no  no
FORM  volunteer_role_edit                 in  no  no  no  no  no  ok  no  no  no  no
POST  volunteer_role_retire               in  no  no  no  no  no  go  no  no  no  no  > volunteer_roles
FORM  volunteer_requirement_new           in  no  no  no  no  no  ok  no  no  no  no
FORM  volunteer_requirement_edit          in  no  no  no  no  no  ok  no  no  no  no
POST  volunteer_requirement_retire        in  no  no  no  no  no  go  no  no  no  no  > volunteer_roles

FORM  volunteer_absence_new               in  no  no  no  no  ok  ok  no  no  no  no
POST  volunteer_absence_delete            in  no  no  no  no  go  go  no  no  no  no  > volunteer_me volunteer
FORM  volunteer_pause                     in  no  no  no  no  ok  ok  no  no  no  no  > volunteer_me volunteer
POST  volunteer_return                    in  no  no  no  no  go  go  no  no  no  no  > volunteer_me volunteer
FORM  volunteer_leave                     in  no  no  no  no  ok  ok  no  no  no  no  > volunteer_me volunteer
GET   volunteer_me                        in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  volunteer_me_edit                   in  no  no  no  no  ok  no  no  no  no  no  > volunteer_me
POST  volunteer_come_back                 in  no  no  no  no  go  no  no  no  no  no  > volunteer_me
"""

OFFICE = """
                                          any oth adm
"""

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

FORM  admin:volunteers_room_changelist                   in  in  ok
FORM  admin:volunteers_room_add                          in  in  403
GET   admin:volunteers_room_change                       in  in  ok
POST  admin:volunteers_room_change                       in  in  403
FORM  admin:volunteers_room_delete                       in  in  403
GET   admin:volunteers_room_history                      in  in  ok
GET   /admin/volunteers/room/<object_id>/                in  in  go   > admin:volunteers_room_change

FORM  admin:volunteers_clinic_changelist                 in  in  ok
FORM  admin:volunteers_clinic_add                        in  in  403
GET   admin:volunteers_clinic_change                     in  in  ok
POST  admin:volunteers_clinic_change                     in  in  403
FORM  admin:volunteers_clinic_delete                     in  in  403
GET   admin:volunteers_clinic_history                    in  in  ok
GET   /admin/volunteers/clinic/<object_id>/              in  in  go   > admin:volunteers_clinic_change

FORM  admin:volunteers_clinicsession_changelist          in  in  ok
FORM  admin:volunteers_clinicsession_add                 in  in  403
GET   admin:volunteers_clinicsession_change              in  in  ok
POST  admin:volunteers_clinicsession_change              in  in  403
FORM  admin:volunteers_clinicsession_delete              in  in  403
GET   admin:volunteers_clinicsession_history             in  in  ok
GET   /admin/volunteers/clinicsession/<object_id>/       in  in  go   > admin:volunteers_clinicsession_change

FORM  admin:volunteers_volunteerrole_changelist          in  in  ok
FORM  admin:volunteers_volunteerrole_add                 in  in  ok
FORM  admin:volunteers_volunteerrole_change              in  in  ok
FORM  admin:volunteers_volunteerrole_delete              in  in  403
GET   admin:volunteers_volunteerrole_history             in  in  ok
GET   /admin/volunteers/volunteerrole/<object_id>/       in  in  go   > admin:volunteers_volunteerrole_change

FORM  admin:volunteers_requirement_changelist            in  in  ok
FORM  admin:volunteers_requirement_add                   in  in  ok
FORM  admin:volunteers_requirement_change                in  in  ok
FORM  admin:volunteers_requirement_delete                in  in  403
GET   admin:volunteers_requirement_history               in  in  ok
GET   /admin/volunteers/requirement/<object_id>/         in  in  go   > admin:volunteers_requirement_change

FORM  admin:volunteers_volunteer_changelist              in  in  ok
FORM  admin:volunteers_volunteer_add                     in  in  403
GET   admin:volunteers_volunteer_change                  in  in  ok
POST  admin:volunteers_volunteer_change                  in  in  403
FORM  admin:volunteers_volunteer_delete                  in  in  403
GET   admin:volunteers_volunteer_history                 in  in  ok
GET   /admin/volunteers/volunteer/<object_id>/           in  in  go   > admin:volunteers_volunteer_change

FORM  admin:volunteers_shift_changelist                  in  in  ok
FORM  admin:volunteers_shift_add                         in  in  403
GET   admin:volunteers_shift_change                      in  in  ok
POST  admin:volunteers_shift_change                      in  in  403
FORM  admin:volunteers_shift_delete                      in  in  403
GET   admin:volunteers_shift_history                     in  in  ok
GET   /admin/volunteers/shift/<object_id>/               in  in  go   > admin:volunteers_shift_change
"""

"""The part of access_table.py about learning, supervision and courses, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

The learning record and the supervision log: what is in them is the member's alone, and the office has its own.
GET   learning                            in  go  go  go  go  go  go  go  ok  go  ok  > members
FORM  learning_new                        in  go  go  go  go  go  go  go  ok  go  ok  > members
GET   learning_statement                  in  go  go  go  go  go  go  go  ok  go  ok  > members
GET   learning_entry                      in  go  go  go  go  go  go  go  ok  go  no  > members
FORM  learning_edit                       in  go  go  go  go  go  go  go  ok  go  no  > members
FORM  learning_delete                     in  go  go  go  go  go  go  go  ok  go  no  > members learning
GET   learning_evidence                   in  go  go  go  go  go  go  go  ok  go  no  > members
POST  learning_evidence_remove            in  go  go  go  go  go  go  go  go  go  no  > members learning_entry
GET   supervision                         in  go  go  go  go  go  go  go  ok  go  ok  > members
FORM  supervision_new                     in  go  go  go  go  go  go  go  ok  go  ok  > members
FORM  supervision_edit                    in  go  go  go  go  go  go  go  ok  go  no  > members
FORM  supervision_delete                  in  go  go  go  go  go  go  go  ok  go  no  > members supervision

Courses are for anybody to read. This certificate is the member's.
GET   courses                             ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   course                              ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
FORM  course_section                      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  > course_section
FORM  course_quiz                         in  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   course_result                       in  go  go  go  go  go  go  go  ok  go  go  > course_quiz
GET   course_certificate                  in  no  no  no  no  no  no  no  ok  no  no
GET   course_certificate_check            ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
"""

OFFICE = """
                                              any oth adm

FORM  admin:members_course_changelist         in  in  ok
FORM  admin:members_course_add                in  in  ok
FORM  admin:members_course_change             in  in  ok
FORM  admin:members_course_delete             in  in  403
GET   admin:members_course_history            in  in  ok
GET   /admin/members/course/<object_id>/      in  in  go  > admin:members_course_change
"""

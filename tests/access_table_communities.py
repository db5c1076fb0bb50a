"""The part of access_table.py about communities of practice, read like it."""

PAGES = """
                                          any lw  col out pra vol coo man mem pro adm

Communities: what they are for is for anybody, what is written there for members. The topic, the reply and the file are
the member's own; who moderates is the office.
GET   communities                         ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET   community                           ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST  community_follow                    in  go  go  go  go  go  go  go  go  go  go  > members community
FORM  community_ask                       in  go  go  go  go  go  go  go  ok  go  ok  > members
FORM  topic_new                           in  go  go  go  go  go  go  go  ok  go  ok  > members
FORM  topic                               in  go  go  go  go  go  go  go  ok  go  ok  > members
GET   topic_link                          in  go  go  go  go  go  go  go  go  go  go  > members topic
GET   reply_link                          in  go  go  go  go  go  go  go  go  go  go  > members topic
FORM  topic_edit                          in  go  go  go  go  go  go  go  ok  go  no  > members
FORM  topic_take_back                     in  go  go  go  go  go  go  go  ok  go  no  > members topic
FORM  reply_edit                          in  go  go  go  go  go  go  go  ok  go  no  > members
FORM  reply_take_back                     in  go  go  go  go  go  go  go  ok  go  no  > members topic
POST  topic_follow                        in  go  go  go  go  go  go  go  go  go  go  > members topic
FORM  topic_too                           in  go  go  go  go  go  go  go  ok  go  ok  > members topic
POST  topic_too_withdraw                  in  go  go  go  go  go  go  go  go  go  go  > members topic
GET   library                             in  go  go  go  go  go  go  go  ok  go  ok  > members
FORM  library_new                         in  go  go  go  go  go  go  go  ok  go  ok  > members
GET   library_file                        in  go  go  go  go  go  go  go  ok  go  ok  > members
FORM  library_remove                      in  go  go  go  go  go  go  go  ok  go  ok  > members library
FORM  flag_new                            in  go  go  go  go  go  go  go  no  go  ok  > members
GET   moderation                          in  go  go  go  go  go  go  go  no  go  ok  > members
GET   community_moderation                in  go  go  go  go  go  go  go  no  go  ok  > members
FORM  flag_decide                         in  go  go  go  go  go  go  go  no  go  ok  > members
FORM  topic_moderate                      in  go  go  go  go  go  go  go  no  go  ok  > members
FORM  reply_moderate                      in  go  go  go  go  go  go  go  no  go  ok  > members
"""

OFFICE = """
                                              any oth adm

FORM  admin:members_community_changelist      in  in  ok
FORM  admin:members_community_add             in  in  ok
FORM  admin:members_community_change          in  in  ok  > admin:members_community_changelist
FORM  admin:members_community_delete          in  in  403
GET   admin:members_community_history         in  in  ok
GET   /admin/members/community/<object_id>/   in  in  go  > admin:members_community_change

FORM  admin:members_moderator_changelist      in  in  ok
FORM  admin:members_moderator_add             in  in  ok
GET   admin:members_moderator_change          in  in  ok
POST  admin:members_moderator_change          in  in  403
FORM  admin:members_moderator_delete          in  in  403
GET   admin:members_moderator_history         in  in  ok
GET   /admin/members/moderator/<object_id>/   in  in  go  > admin:members_moderator_change

FORM  admin:members_topic_changelist          in  in  ok
FORM  admin:members_topic_add                 in  in  403
GET   admin:members_topic_change              in  in  ok
POST  admin:members_topic_change              in  in  403
FORM  admin:members_topic_delete              in  in  403
GET   admin:members_topic_history             in  in  ok
GET   /admin/members/topic/<object_id>/       in  in  go  > admin:members_topic_change

FORM  admin:members_reply_changelist          in  in  ok
FORM  admin:members_reply_add                 in  in  403
GET   admin:members_reply_change              in  in  ok
POST  admin:members_reply_change              in  in  403
FORM  admin:members_reply_delete              in  in  403
GET   admin:members_reply_history             in  in  ok
GET   /admin/members/reply/<object_id>/       in  in  go  > admin:members_reply_change

FORM  admin:members_flag_changelist           in  in  ok
FORM  admin:members_flag_add                  in  in  403
FORM  admin:members_flag_change               in  in  ok  > admin:members_flag_changelist
FORM  admin:members_flag_delete               in  in  403
GET   admin:members_flag_history              in  in  ok
GET   /admin/members/flag/<object_id>/        in  in  go  > admin:members_flag_change

FORM  admin:members_moderationentry_changelist  in  in  ok
FORM  admin:members_moderationentry_add       in  in  403
GET   admin:members_moderationentry_change    in  in  ok
POST  admin:members_moderationentry_change    in  in  403
FORM  admin:members_moderationentry_delete    in  in  403
GET   admin:members_moderationentry_history   in  in  ok
GET   /admin/members/moderationentry/<object_id>/  in  in  go  > admin:members_moderationentry_change
"""

"""Who gets into the office's pages of memberships: the same table as in access_table.py, for what these brought."""

OFFICE = """
                                              any oth adm

FORM  admin:members_user_merge                in  in  ok

FORM  admin:members_membership_changelist     in  in  ok
FORM  admin:members_membership_add            in  in  403
FORM  admin:members_membership_change         in  in  ok  > admin:members_membership_changelist
FORM  admin:members_membership_delete         in  in  403
GET   admin:members_membership_history        in  in  ok
GET   /admin/members/membership/<object_id>/  in  in  go  > admin:members_membership_change
FORM  admin:members_membership_export         in  in  ok
FORM  admin:members_membership_give           in  in  ok
FORM  admin:members_membership_take_members_in  in  in  ok
FORM  admin:members_membership_approve        in  in  ok  > admin:members_membership_change
FORM  admin:members_membership_decline        in  in  ok
FORM  admin:members_membership_remind         in  in  ok  > admin:members_membership_change
FORM  admin:members_membership_renew          in  in  ok
GET   admin:members_membership_give_more      in  in  go  > admin:members_membership_give
FORM  admin:members_membership_cancel         in  in  ok  > admin:members_membership_change
FORM  admin:members_membership_resume         in  in  ok  > admin:members_membership_change

FORM  admin:members_plan_changelist           in  in  ok
FORM  admin:members_plan_add                  in  in  ok
FORM  admin:members_plan_change               in  in  ok
FORM  admin:members_plan_delete               in  in  403
GET   admin:members_plan_history              in  in  ok
GET   /admin/members/plan/<object_id>/        in  in  go  > admin:members_plan_change

FORM  admin:members_interest_changelist       in  in  ok
FORM  admin:members_interest_add              in  in  ok
FORM  admin:members_interest_change           in  in  ok
FORM  admin:members_interest_delete           in  in  ok  > admin:members_interest_changelist
GET   admin:members_interest_history          in  in  ok
GET   /admin/members/interest/<object_id>/    in  in  go  > admin:members_interest_change

GET   admin:members_association_changelist    in  in  go  > admin:members_association_change
POST  admin:members_association_changelist    in  in  go  > admin:members_association_change
FORM  admin:members_association_add           in  in  403
FORM  admin:members_association_change        in  in  ok
FORM  admin:members_association_delete        in  in  403
GET   admin:members_association_history       in  in  ok
GET   /admin/members/association/<object_id>/ in  in  go  > admin:members_association_change
"""

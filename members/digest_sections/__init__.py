"""What each part of membership has to say in the members' digest.

A module a part, with one function: `section(members, since)` gets memberships of people (with `user_id` and `region`)
and, by user id, the moment since when something is news to each. It returns a `Section` by user id, and leaves out
whoever it has nothing for. It is called for many people at once, and asks the database the same number of questions
however many they are. `linkworkers.digests` puts the sections together, in its order.
"""

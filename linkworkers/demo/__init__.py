"""A made-up world to look at: three networks, their people, and a year of referrals. Nobody in it exists.

Built from a fixed seed and relative to the day it is built on, so that it is the same for everybody and never stale.
"""

PASSWORD = "linkworkers-demo"  # noqa: S105 - meant to be known: the demo refuses to run beside anything real
DOMAIN = "@demo.test"

# The local part of an account's address, and what its holder does.
ACCOUNTS = {
    "link-worker": "takes referrals on and looks after a caseload",
    "colleague": "another link worker of the same network",
    "outsider": "a link worker of another network",
    "practice": "refers people from a GP practice",
    "volunteer": "helps at clinics",
    "coordinator": "looks after volunteers and clinics",
    "manager": "runs the network",
    "member": "belongs to the professional community",
    "provider": "keeps a service's entry in the directory",
    "admin": "runs the office at /admin/",
}

"""What is kept of a community's list of topics."""

from django.db.models import Count, Max

from members.models import Community, Topic


def count_listed(community: Community) -> None:
    """How many topics are in its list, and when somebody wrote last in one of them: two statements."""
    listed = Topic.objects.filter(community=community).listed().aggregate(count=Count("pk"), last=Max("last_at"))
    Community.objects.filter(pk=community.pk).update(topic_count=listed["count"], last_at=listed["last"])

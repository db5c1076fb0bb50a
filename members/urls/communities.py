"""Addresses of /communities/: the communities of practice."""

from django.urls import include, path

from members.views import communities, library, moderation, topics

urlpatterns = [
    path("", communities.communities, name="communities"),
    path("ask/", communities.ask, name="community_ask"),
    path("moderation/", moderation.moderation, name="moderation"),
    path("moderation/<int:flag_id>/", moderation.decide, name="flag_decide"),
    path("report/<slug:kind>/<slug:thing>/", moderation.report, name="flag_new"),
    # Addresses that last when a topic moves: for mails.
    path("topics/<int:topic_id>/", topics.topic_link, name="topic_link"),
    path("replies/<int:reply_id>/", topics.reply_link, name="reply_link"),
    path("<slug:community>/", communities.community, name="community"),
    path("<slug:community>/follow/", communities.follow, name="community_follow"),
    path("<slug:community>/new/", topics.topic_new, name="topic_new"),
    path("<slug:community>/moderation/", moderation.moderation, name="community_moderation"),
    path("<slug:community>/library/", library.library, name="library"),
    path("<slug:community>/library/new/", library.item_new, name="library_new"),
    path("<slug:community>/library/<int:item_id>/", library.download, name="library_file"),
    path("<slug:community>/library/<int:item_id>/remove/", library.remove, name="library_remove"),
    path("<slug:community>/topics/<int:topic_id>/", topics.topic, name="topic"),
    path("<slug:community>/topics/<int:topic_id>/edit/", topics.topic_edit, name="topic_edit"),
    path("<slug:community>/topics/<int:topic_id>/take-back/", topics.topic_take_back, name="topic_take_back"),
    path("<slug:community>/topics/<int:topic_id>/follow/", topics.topic_follow, name="topic_follow"),
    path("<slug:community>/topics/<int:topic_id>/too/", topics.topic_too, name="topic_too"),
    path("<slug:community>/topics/<int:topic_id>/too/withdraw/", topics.topic_too_withdraw, name="topic_too_withdraw"),
    path("<slug:community>/topics/<int:topic_id>/moderate/", moderation.topic_moderate, name="topic_moderate"),
    path(
        "<slug:community>/topics/<int:topic_id>/replies/<int:reply_id>/",
        include(
            [
                path("edit/", topics.reply_edit, name="reply_edit"),
                path("take-back/", topics.reply_take_back, name="reply_take_back"),
                path("moderate/", moderation.reply_moderate, name="reply_moderate"),
            ]
        ),
    ),
]

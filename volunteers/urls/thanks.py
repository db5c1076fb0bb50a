"""Addresses of hours, milestones, letters, the photo board, impact and the health check."""

from django.urls import path

from volunteers.views import board, health, impact, thanks

urlpatterns = [
    path("thanks/", thanks.thanks, name="thanks"),
    path("thanks/hours/", thanks.extra_hours, name="extra_hours"),
    path("thanks/hours/<int:extra_hours_id>/answer/", thanks.extra_hours_answer, name="extra_hours_answer"),
    path("thanks/hours/<int:extra_hours_id>/take-back/", thanks.extra_hours_take_back, name="extra_hours_take_back"),
    path("thanks/letters/<int:thank_you_id>/", thanks.thank_you_letter, name="thank_you_letter"),
    path("thanks/<uuid:volunteer_key>/letter/", thanks.thank_you, name="thank_you"),
    path("thanks/<uuid:volunteer_key>/certificate/", thanks.thanks_certificate, name="thanks_certificate"),
    path("board/me/<uuid:volunteer_key>/", board.board_consent, name="board_consent"),
    path("board/me/<uuid:volunteer_key>/withdraw/", board.board_withdraw, name="board_withdraw"),
    path("board/<int:practice_id>/", board.board, name="board"),
    path("board/<int:practice_id>/poster/", board.board_poster, name="board_poster"),
    path("board/<int:practice_id>/<uuid:volunteer_key>.jpg", board.board_photo, name="board_photo"),
    path("impact/", impact.volunteer_impact, name="volunteer_impact"),
    path("health/", health.programme_health, name="programme_health"),
    path("health/<int:practice_id>/<slug:health_question>/", health.health_answer, name="health_answer"),
]

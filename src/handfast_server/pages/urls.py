"""The addresses of pages."""

from __future__ import annotations

from django.urls import include, path

from handfast_server.pages import (
    demo,
    gallery,
    home,
    inbox,
    lead,
    look,
    mine,
    rights,
    scoreboard,
    scoreboard_measure,
    team,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("look", look.look, name="look"),
    path("demo", demo.demo, name="demo"),
    path("demo/as", demo.switch, name="demo_switch"),
    path("demo/seen", demo.seen, name="demo_seen"),
    path("inbox", inbox.inbox, name="inbox"),
    path("inbox/cards", inbox.cards, name="inbox_cards"),
    path("inbox/<str:lead>/accept", inbox.accept, name="inbox_accept"),
    path("inbox/<str:lead>/decline", inbox.decline, name="inbox_decline"),
    path("inbox/<str:lead>/touch", inbox.touch, name="inbox_touch"),
    path("mine", mine.mine, name="mine"),
    path("mine/<str:lead>/touch", mine.touch, name="mine_touch"),
    path("mine/<str:lead>/qualify", mine.qualify, name="mine_qualify"),
    path("mine/<str:lead>/disqualify", mine.disqualify, name="mine_disqualify"),
    path("team", team.team, name="team"),
    path("team/<name:rep>/move", team.reroute, name="team_reroute"),
    path("team/<name:rep>", team.rep, name="team_rep"),
    path("", include("handfast_server.pages.rosters.urls")),
    path("breaches/<str:lead>/cause", team.cause, name="team_cause"),
    path("breaches/<str:lead>/excuse", team.excuse, name="team_excuse"),
    path("leads/<str:lead>", lead.lead, name="lead"),
    path("leads/<str:lead>/everything", rights.hand_out, name="lead_hand_out"),
    path("leads/<str:lead>/forget", rights.erase, name="lead_erase"),
    path("scoreboard", scoreboard.scoreboard, name="scoreboard"),
    path("scoreboard/<str:name>", scoreboard_measure.measure, name="scoreboard_measure"),
    path("", include("handfast_server.pages.quality.urls")),
    path("", include("handfast_server.pages.contract.urls")),
    path("", include("handfast_server.pages.importing.urls")),
    path("", include("handfast_server.pages.periods.urls")),
    path("", include("handfast_server.pages.start.urls")),
    path("", include("handfast_server.pages.admin.urls")),
    path("gallery", gallery.gallery, name="gallery"),
]

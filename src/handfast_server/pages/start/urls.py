"""The addresses of setting up, and of the mode."""

from __future__ import annotations

from django.urls import path

from handfast_server.pages.start import begin, hand_over, mode, who

urlpatterns = [
    path("start", begin.start, name="start"),
    path("start/who", who.who_signs, name="start_who"),
    path("start/contract", begin.contract, name="start_contract"),
    path("start/hand-over", hand_over.hand_over, name="start_hand_over"),
    path("mode", mode.mode, name="mode"),
    path("mode/set", mode.change, name="mode_set"),
    path("mode/cut-over", mode.cut_over, name="mode_cut_over"),
]

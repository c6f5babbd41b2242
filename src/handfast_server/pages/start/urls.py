"""The addresses of setting up, and of the mode."""

from __future__ import annotations

from django.urls import path

from handfast_server.pages.start import begin, demonstration, hand_over, mode, who

urlpatterns = [
    path("start", begin.start, name="start"),
    path("start/who", who.who_signs, name="start_who"),
    path("start/contract", begin.contract, name="start_contract"),
    path("start/hand-over", hand_over.hand_over, name="start_hand_over"),
    path("start/demonstration", demonstration.show, name="start_demo"),
    path("start/demonstration/begin", demonstration.begin, name="start_demo_begin"),
    path("start/demonstration/progress", demonstration.progress, name="start_demo_progress"),
    path("start/demonstration/leave", demonstration.leave, name="start_demo_leave"),
    path("start/demonstration/end", demonstration.end, name="start_demo_end"),
    path("mode", mode.mode, name="mode"),
    path("mode/set", mode.change, name="mode_set"),
    path("mode/cut-over", mode.cut_over, name="mode_cut_over"),
]

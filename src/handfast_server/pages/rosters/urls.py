"""The addresses of rosters and absences."""

from __future__ import annotations

from django.urls import path

from handfast_server.pages.rosters import absences, change, file, leaving, read

urlpatterns = [
    path("rosters", read.rosters, name="rosters"),
    path("rosters/file", file.file, name="rosters_file"),
    path("rosters/file/apply", file.apply, name="rosters_file_apply"),
    path("rosters/rosters.csv", file.download, name="rosters_csv"),
    path("absences", absences.absences, name="absences"),
    path("absences/add", absences.add, name="absences_add"),
    path("absences/cancel", absences.cancel, name="absences_cancel"),
    path("absences/file", absences.file, name="absences_file"),
    path("absences/file/apply", absences.apply, name="absences_file_apply"),
    path("rosters/reps", change.add, name="rosters_add"),
    path("rosters/pools/<name:pool>/members", change.members, name="rosters_members"),
    path("rosters/pools/<name:pool>/join", change.join, name="rosters_join"),
    path("rosters/pools/<name:pool>/manager", change.manager, name="rosters_manager"),
    path("rosters/reps/<name:rep>/caps", change.caps, name="rosters_caps"),
    path("rosters/reps/<name:rep>/leave", leaving.leave, name="rosters_leave"),
    path("rosters/reps/<name:rep>/hand-on", leaving.hand_on, name="rosters_hand_on"),
    path("rosters/reps/<name:rep>/back", leaving.back, name="rosters_back"),
    path("rosters/pools/<name:pool>", read.pool, name="rosters_pool"),
    path("rosters/reps/<name:rep>", read.rep, name="rosters_rep"),
]

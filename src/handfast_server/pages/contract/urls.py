"""The addresses of the contract."""

from __future__ import annotations

from django.urls import path

from handfast_server.pages.contract import begin, comments, compare, drafts, read, sign, successors

urlpatterns = [
    path("contract", read.contract, name="contract"),
    path("contract/versions/<int:number>", read.version, name="contract_version"),
    path("contract/versions/<int:number>/file", compare.file, name="contract_file"),
    path("contract/compare", compare.compare, name="contract_compare"),
    path("contract/words", compare.words, name="contract_words"),
    path("contract/successors", successors.successors, name="contract_successors"),
    path("contract/successors/ask", successors.ask, name="contract_successor_ask"),
    path("contract/successors/<int:appointment>/confirm", successors.confirm, name="contract_successor_confirm"),
    path("contract/history", read.history, name="contract_history"),
    path("contract/begin", begin.begin, name="contract_begin"),
    path("contract/check", drafts.check, name="contract_check"),
    path("contract/drafts", drafts.drafts, name="contract_drafts"),
    path("contract/drafts/new", drafts.new, name="contract_new"),
    path("contract/drafts/<int:draft>", drafts.draft, name="contract_draft"),
    path("contract/drafts/<int:draft>/save", drafts.save, name="contract_save"),
    path("contract/drafts/<int:draft>/recall", drafts.recall, name="contract_recall"),
    path("contract/drafts/<int:draft>/drop", drafts.drop, name="contract_drop"),
    path("contract/drafts/<int:draft>/remind", drafts.remind, name="contract_remind"),
    path("contract/drafts/<int:draft>/invite", sign.invite, name="contract_invite"),
    path("contract/comments", comments.comment, name="contract_comment"),
    path("contract/comments/<int:comment>/settle", comments.settle, name="contract_comment_settle"),
    path("contract/comments/<int:comment>/take-back", comments.take_back, name="contract_comment_take_back"),
    path("contract/drafts/<int:draft>/sign", sign.sign, name="contract_sign"),
]

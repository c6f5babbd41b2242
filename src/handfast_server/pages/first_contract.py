"""What is next while no contract is in force: the step that whoever reads may take."""

from __future__ import annotations

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from handfast_server.access import PAGES, Principal, allowed
from handfast_server.contracts.models import Draft, Version


class Next(NamedTuple):
    """A step: what stands before it, where it is done, and what the link is called; no address for who may do none."""

    about: str
    address: str = ""
    link: str = ""


def next_step(who: Principal | None) -> Next:
    """To read what is signed and settles, to sign the draft that waits, to set up, or to write a first draft."""
    if who is None or not allowed(who, PAGES["contract"]):
        return Next(_("An administrator sets it up, and who leads marketing and who leads sales sign it."))
    if Version.objects.exists():
        return Next(_("Both have signed, and it governs from the day that it names."), reverse("contract"), _("See it"))
    draft = Draft.objects.filter(state=Draft.State.PROPOSED).order_by("-pk").values_list("pk", flat=True).first()
    if draft is not None:
        where = reverse("contract_draft", kwargs={"draft": draft})
        return Next(_("A draft waits for its signatures."), f"{where}#sign", _("Read the draft, and sign it"))
    if allowed(who, PAGES["start"]):
        return Next(_("Three steps lead to a first one."), reverse("start"), _("Set it up"))
    if allowed(who, PAGES["contract_begin"]):
        return Next(_("It begins with a draft."), reverse("contract_drafts"), _("Write a draft"))
    return Next(_("An administrator sets it up, and who leads marketing and who leads sales sign it."))

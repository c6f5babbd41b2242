"""Why an import, a statement, a cut-over or a leader is refused."""

from __future__ import annotations

from django.utils.translation import gettext_noop

SENTENCES = (
    gettext_noop("Choose at least one file."),
    gettext_noop("Two files have the same name."),
    gettext_noop("These files are more than %(megabytes)s MB: load them with `handfast import` on the server."),
    gettext_noop("A system is named by 1 to 40 letters, digits, - and _."),
    gettext_noop("This import has begun; how it is read stays as it is."),
    gettext_noop("There is nothing to throw away, or a worker is at it: stop it first."),
    gettext_noop("That cannot be done with this import now: look at it again."),
    gettext_noop("The mapping that is kept cannot be read any more: give the files again."),
    gettext_noop("Somebody in these files was forgotten meanwhile. Give them again without that person."),
    gettext_noop("This is not the digest of the statement: read it again, then sign."),
    gettext_noop("%(name)s has signed this statement already; one person signs once, for one side."),
    gettext_noop("%(name)s (%(email)s) is neither signatory nor deputy of %(party)s today."),
    gettext_noop("The statement of %(period)s is signed for %(party)s already."),
    gettext_noop("A cut-over needs a version in force: sign one first."),
    gettext_noop("A rep takes more than nothing a day."),
    gettext_noop("Somebody with this address is here already."),
    gettext_noop("Somebody has to administer: make another administrator first."),
)

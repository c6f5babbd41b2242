"""How measures are computed: formulas, records, notes, and why one cannot be measured."""

from __future__ import annotations

from django.utils.translation import gettext_noop

SENTENCES = (
    gettext_noop("count of cycles that qualified"),
    gettext_noop("count of delivered cycles that met the ICP when they qualified"),
    gettext_noop("delivered ÷ cycles opened"),
    gettext_noop("from qualified_at to the first human touch, around the clock"),
    gettext_noop("from qualified_at to the first human touch, in working time of the calendar of the cycle's pool"),
    gettext_noop("from raised_at, the activity that tipped it, to the first human touch, around the clock"),
    gettext_noop("from raised_at to the first human touch, in working time of the calendar of the cycle's pool"),
    gettext_noop("from qualified_at to the first acceptance, rejection or contest, around the clock"),
    gettext_noop("touched at or before due ÷ first touches due; late and never touched count against"),
    gettext_noop("touched at or before due ÷ first touches due; excused ones count against like any other"),
    gettext_noop("touched after due ÷ first touches due"),
    gettext_noop("no human touch by the as-of instant ÷ first touches due"),
    gettext_noop("with a human touch or a decision ÷ delivered cycles whose first decision window has ended"),
    gettext_noop("accepted, rejected or contested at or before due ÷ decisions due"),
    gettext_noop(
        "accepted cycles qualified by sales, turned into a deal or disqualified at or before due ÷ conclusions due"
    ),
    gettext_noop("enough attempts within the window ÷ accepted cycles without contact whose window has ended"),
    gettext_noop("count of clocks that passed their due"),
    gettext_noop("breached ÷ clocks due"),
    gettext_noop("excused ÷ breached"),
    gettext_noop("from due_at to what was promised, around the clock"),
    gettext_noop("reached %(outcome)s ÷ delivered, for each band of speed to first touch"),
    gettext_noop("accepted ÷ (accepted + rejected)"),
    gettext_noop("accepted ÷ delivered"),
    gettext_noop("still without any answer of sales after the decision was due ÷ delivered"),
    gettext_noop("rejected or disqualified ÷ delivered"),
    gettext_noop("declined with a named reason ÷ declined"),
    gettext_noop("declined for the reason ÷ delivered, for each %(split)s"),
    gettext_noop("declined for the reason ÷ all declined, for each clause of the contract"),
    gettext_noop("contested ÷ declined before acceptance or contested"),
    gettext_noop("contests settled for marketing ÷ contests settled"),
    gettext_noop("accepted ÷ (accepted + rejected), with and without each signal at delivery"),
    gettext_noop("qualified by sales ÷ (qualified by sales + ended without), with and without each signal at delivery"),
    gettext_noop("recycled cycles whose lead qualified again later ÷ recycled cycles"),
    gettext_noop("recycled cycles whose lead qualified again later and won ÷ recycled cycles"),
    gettext_noop("reached %(next_stage)s ÷ entered %(stage)s, within the cycle, whatever was skipped between"),
    gettext_noop("opportunities sourced by marketing ÷ opportunities"),
    gettext_noop("amount of the opportunities sourced by marketing ÷ amount of all"),
    gettext_noop("sum of the amounts of opportunities opened"),
    gettext_noop("sum of the amounts of opportunities opened that marketing sourced"),
    gettext_noop("sum of the amounts of opportunities open at the as-of instant"),
    gettext_noop("sum of the amounts of opportunities open at the as-of instant that marketing sourced"),
    gettext_noop("sum of the amounts of opportunities won, less those un-won"),
    gettext_noop("sum of the amounts of opportunities won that marketing sourced, less those un-won"),
    gettext_noop("sum of the amounts of influenced deals"),
    gettext_noop("influenced revenue, shared among the touchpoints of each deal: %(weights)s"),
    gettext_noop("100 %% to the first."),
    gettext_noop("100 %% to the last."),
    gettext_noop("the same share to each."),
    gettext_noop("40 %% to the first, 40 %% to the last, 20 %% shared by those between."),
    gettext_noop(
        "30 %% to the first, 30 %% to the last at or before the lead qualified, 30 %% to the last at or "
        "before the deal opened, 10 %% shared by the rest."
    ),
    gettext_noop("a weight that halves with every full 30 days between it and the closing."),
    gettext_noop("100 %% to the first"),
    gettext_noop("100 %% to the last"),
    gettext_noop("the same share to each"),
    gettext_noop("40 %% to the first, 40 %% to the last, 20 %% shared by those between"),
    gettext_noop(
        "30 %% to the first, 30 %% to the last at or before the lead qualified, 30 %% to the last at or "
        "before the deal opened, 10 %% shared by the rest"
    ),
    gettext_noop("a weight that halves with every full 30 days between it and the closing"),
    gettext_noop(
        "revenue won in the period of `revenue.period` ÷ `revenue.target`, of the kind `revenue.number` names"
    ),
    gettext_noop("open opportunities × win rate × average won ÷ cycle length, in money a day"),
    gettext_noop("spend of the period ÷ cycles that reached %(outcome)s in it, whoever brought them"),
    gettext_noop("from %(first)s_at to %(second)s_at"),
    gettext_noop("from %(first)s_at to %(second)s_at or %(third)s_at"),
    gettext_noop("from qualified_at to the end, whichever it was"),
    gettext_noop("handoffs assigned in the period ÷ working days of the reps on the roster"),
    gettext_noop("count of cycles that wait for a decision or are being worked"),
    gettext_noop("count of open handoffs with a first touch, a decision or a conclusion past due and not there yet"),
    gettext_noop("assigned more than once ÷ assigned"),
    gettext_noop("touched at or before due ÷ first touches due, for each number of hand-offs"),
    gettext_noop("flagged in time by the source itself ÷ flagged either way"),
    gettext_noop("cycles whose hand-offs counted from events equal the source's own count ÷ cycles with both"),
    gettext_noop("cycles by the source's own flag and by whether the %(clock)s clock was met"),
    gettext_noop("delivered − waiting − contested − accepted − rejected − withdrawn, each counted on its own"),
    gettext_noop("delivered cycles; unique leads beside them"),
    gettext_noop("delivered cycles that met the ICP; those of which it is unknown are not among them"),
    gettext_noop("cycles opened"),
    gettext_noop(
        "delivered cycles; those never touched count as still waiting at the end of their cycle or the as-of instant"
    ),
    gettext_noop(
        "delivered cycles; those undecided count as still waiting at the end of their cycle or the as-of instant"
    ),
    gettext_noop(
        "delivered cycles whose first touch was due at or before the as-of instant and was not cancelled by their end"
    ),
    gettext_noop(
        "delivered cycles whose decision was due at or before the as-of instant; those withdrawn before "
        "they were touched or decided are left out"
    ),
    gettext_noop(
        "delivered cycles whose decision was due at or before the as-of instant and was not cancelled by their end"
    ),
    gettext_noop(
        "accepted cycles whose conclusion was due at or before the as-of instant and not cancelled by a withdrawal"
    ),
    gettext_noop(
        "accepted cycles without a two-way touch by the end of the window that "
        "`commitments.sales.attempts` sets; those that were withdrawn, or became a deal, inside it are "
        "left out"
    ),
    gettext_noop(
        "breached clocks, by due; a clock is breached when its due passed before what it promised "
        "happened, and before it was cancelled"
    ),
    gettext_noop(
        "clocks due; a clock is breached when its due passed before what it promised happened, and before "
        "it was cancelled"
    ),
    gettext_noop(
        "breached clocks; a clock is breached when its due passed before what it promised happened, and "
        "before it was cancelled"
    ),
    gettext_noop(
        "breached clocks; those never answered count as still late when they were cancelled or at the "
        "as-of instant; a clock is breached when its due passed before what it promised happened, and "
        "before it was cancelled"
    ),
    gettext_noop(
        "delivered cycles whose speed to the first human touch is known; never: ended untouched; not yet: open"
    ),
    gettext_noop("delivered cycles on which sales decided; contested ones by their settlement; returns left out"),
    gettext_noop("delivered cycles"),
    gettext_noop("delivered cycles that sales rejected or disqualified"),
    gettext_noop("delivered cycles that sales rejected or disqualified; beside them all delivered"),
    gettext_noop("delivered cycles that sales declined before acceptance, however a contest ended"),
    gettext_noop("delivered cycles that were contested; those not settled yet, or withdrawn first, are left out"),
    gettext_noop(
        "delivered cycles on which sales decided; a signal is unknown under versions of the contract where "
        "it counted for nobody"
    ),
    gettext_noop(
        "delivered cycles whose outcome is known; those withdrawn first are left out; a signal is unknown "
        "under versions of the contract where it counted for nobody"
    ),
    gettext_noop(
        "ended cycles whose disposition was recycle, by when they ended; a later cycle still running is shown as open"
    ),
    gettext_noop("cycles that entered %(stage)s; those that may yet reach %(next_stage)s are shown as still open"),
    gettext_noop("opportunities opened, each once; parts by who sourced them: marketing, sales, partner, unknown"),
    gettext_noop("opportunities open, each once"),
    gettext_noop("opportunities won, each once, by when they closed; one that is un-won is deducted when that happens"),
    gettext_noop(
        "deals won, each once, with an eligible activity of a lead on the deal inside [opened − "
        "`attribution.influence_window`, closed]; un-won ones are deducted when that happens"
    ),
    gettext_noop("deals won in the contract's own period, whatever period is shown; un-won ones are deducted"),
    gettext_noop(
        "opportunities open at the as-of instant; win rate and average of those that closed in the period; "
        "cycle length is the median from opened to won of those won in it"
    ),
    gettext_noop("entries of spend, and cycles by when they reached the stage"),
    gettext_noop(
        "won cycles alone; those lost or still open are not in it, so it is shorter than what a new lead may expect"
    ),
    gettext_noop("delivered cycles; those still open count as open at the as-of instant"),
    gettext_noop("won and lost cycles alone; those disqualified or still open are not in it"),
    gettext_noop(
        "assignments by when they began, re-routed and returned ones too; without a table of them, "
        "delivered cycles by their present owner. Working days are those of the calendar of a rep's first "
        "pool that have begun"
    ),
    gettext_noop("waiting cycles, and accepted ones that are not an SQL, an opportunity or over"),
    gettext_noop("delivered cycles with at least one assignment; split by how many hand-offs there were"),
    gettext_noop("delivered cycles whose first touch was due and that were assigned"),
    gettext_noop(
        "delivered cycles that carry the source's own flag; split by hand-offs counted here and counted there"
    ),
    gettext_noop("delivered cycles with both counts"),
    gettext_noop("delivered cycles that carry the source's own flag"),
    gettext_noop("delivered cycles; accepted is ever accepted, withdrawn is before acceptance"),
    gettext_noop(
        "Observed, not proved: reps touch first whom they expect to win, so a faster answer need not be "
        "what made the difference."
    ),
    gettext_noop(
        "The range is where the period may end: open deals by how deals of their age went on, and deals "
        "yet to be opened at the rate of the last %(days)s days, at the average won."
    ),
    gettext_noop("Facts carry no flags of another system."),
    gettext_noop("No deals are given."),
    gettext_noop("No compiled calendars are given, so working time cannot be counted."),
    gettext_noop("%(count)s ended, or were answered, at an instant that is not known; they are left out."),
    gettext_noop(
        "Of %(all)s that count here, %(count)s came to an end or an answer at an instant that the source "
        "does not state. Without them the %(open)s that never did would weigh too much."
    ),
    gettext_noop("%(count)s excused breaches are left out."),
    gettext_noop("%(count)s excused breaches are counted against."),
    gettext_noop("%(count)s reached %(next_stage)s before %(stage)s; they are counted."),
    gettext_noop("%(count)s ended before they began; they are counted as they stand."),
    gettext_noop("Of %(count)s delivered cycles it is unknown whether they met the ICP."),
    gettext_noop("The contract commits sales to no number of attempts."),
    gettext_noop("Nothing says when a cycle reached the stage %(name)s."),
    gettext_noop("The calendars do not reach over the period. %(why)s"),
    gettext_noop("The contract names no revenue target."),
    gettext_noop("The source knows only the day, which says nothing about working hours."),
    gettext_noop("No clocks are given."),
    gettext_noop("No single touches are given."),
    gettext_noop("No activities of leads are given."),
    gettext_noop("No roster is given."),
    gettext_noop("No spend is given."),
    gettext_noop("Which signals counted is not given."),
    gettext_noop("The source knows only the day, and a day cannot bear a window of %(span)s."),
    gettext_noop(
        "The source knows only the day of %(count)s of %(all)s instants, and a day cannot bear a window of %(span)s."
    ),
    gettext_noop(
        "The calendars do not reach over the period. %(at)s lies outside the calendar, which covers "
        "%(begin)s to %(end)s"
    ),
)

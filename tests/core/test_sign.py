from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from handfast.contract.model import Contract, Party, PartyName
from handfast.contract.seal import Sealed, seal
from handfast.contract.sign import (
    SETTLING,
    Draft,
    Signature,
    Signed,
    Succession,
    appoint,
    conclude,
    describe,
    open_seats,
    propose,
    stands_for,
    with_signature,
)
from handfast.errors import SealBroken, SignatureRefused
from handfast.instant import DAY, HOUR, SECOND, Instant, parse_instant

DANA = ("Dana Reyes", "dana@acme.example", PartyName.MARKETING)
OMAR = ("Omar Haddad", "omar@acme.example", PartyName.SALES)
INES = ("Ines Vogt", "ines@acme.example", PartyName.MARKETING)
LENA = ("Lena Brandt", "lena@acme.example", PartyName.SALES)
MORNING = parse_instant("2026-12-01T09:00:00+01:00")

Person = tuple[str, str, PartyName]


def amended(contract: Contract, **changes: Any) -> Sealed:
    return seal(dataclasses.replace(contract, **{"version": contract.version + 1, **changes}))


def party(person: Person, *deputies: Person) -> Party:
    return Party(name=person[0], email=person[1], deputies=tuple(email for _, email, _ in deputies))


def by(person: Person, sealed: Sealed, at: Instant) -> Signature:
    name, email, role = person
    return Signature(name=name, email=email, role=role, at=at, digest=sealed.digest)


def signed_by(draft: Draft, *people: Person, at: Instant | None = None) -> Draft:
    start = draft.proposed_at if at is None else at
    for place, person in enumerate(people):
        draft = with_signature(draft, by(person, draft.sealed, start + place * HOUR))
    return draft


@pytest.fixture(scope="module")
def seventh(acme_sealed: Sealed) -> Signed:
    return conclude(signed_by(propose(acme_sealed, None, at=MORNING), DANA, OMAR))


def succession(**changes: Any) -> Succession:
    values: dict[str, Any] = {
        "version": 7,
        "party": PartyName.SALES,
        "replaces": "omar@acme.example",
        "name": "Lena Brandt",
        "email": "lena@acme.example",
        "appointed_by": "dana@acme.example",
        "admin": "priya@acme.example",
        "at": MORNING + 10 * DAY,
        "why": "Omar left the company on 30 November.",
    }
    return Succession(**(values | changes))


def test_a_first_version_needs_its_own_two_parties(acme_sealed: Sealed) -> None:
    draft = propose(acme_sealed, None, at=MORNING)
    assert [str(seat) for seat in open_seats(draft)] == [
        "Dana Reyes for marketing (version 7)",
        "Omar Haddad for sales (version 7)",
    ]
    half = signed_by(draft, DANA)
    assert [seat.party for seat in open_seats(half)] == [PartyName.SALES]
    with pytest.raises(SignatureRefused) as refused:
        conclude(half)
    assert str(refused.value) == "Version 7 is not signed by Omar Haddad for sales (version 7), nor by a deputy."
    assert conclude(signed_by(half, OMAR)).signatures[-1].email == "omar@acme.example"


def test_it_governs_from_effective_from_when_that_is_later(seventh: Signed) -> None:
    assert seventh.in_force_from == parse_instant("2027-01-01T00:00:00+01:00")


def test_it_governs_from_the_last_signature_when_that_is_later(acme_sealed: Sealed) -> None:
    late = parse_instant("2027-02-10T15:00:00+01:00")
    signed = conclude(signed_by(propose(acme_sealed, None, at=MORNING), DANA, OMAR, at=late))
    assert signed.in_force_from == late + HOUR
    assert signed.sealed.digest == acme_sealed.digest


def test_a_last_signature_may_settle_until_every_machine_knows_of_it(acme_sealed: Sealed) -> None:
    late = parse_instant("2027-02-10T15:00:00+01:00")
    draft = signed_by(propose(acme_sealed, None, at=MORNING), DANA, OMAR, at=late)
    last = late + HOUR
    assert conclude(draft, settled=last + 10 * SECOND).in_force_from == last + 10 * SECOND
    assert conclude(draft, settled=last - HOUR).in_force_from == last
    with pytest.raises(ValueError, match="A signature settles within 60 seconds"):
        conclude(draft, settled=last + SETTLING + 1)


def test_a_deputy_may_sign(acme_sealed: Sealed) -> None:
    assert open_seats(signed_by(propose(acme_sealed, None, at=MORNING), INES, OMAR)) == ()


def test_addresses_are_the_same_in_any_case(acme_sealed: Sealed) -> None:
    loud: Person = ("Dana", " DANA@Acme.example", PartyName.MARKETING)
    assert len(open_seats(signed_by(propose(acme_sealed, None, at=MORNING), loud))) == 1


def test_an_amendment_of_the_same_parties_needs_two_signatures(acme: Contract, seventh: Signed) -> None:
    draft = propose(amended(acme), seventh, at=MORNING + DAY)
    assert len(open_seats(draft)) == 4
    assert conclude(signed_by(draft, OMAR, DANA)).sealed.contract.version == 8


def test_an_amendment_with_new_parties_needs_the_old_and_the_new(acme: Contract, seventh: Signed) -> None:
    draft = propose(amended(acme, parties={**acme.parties, PartyName.SALES: party(LENA)}), seventh, at=MORNING + DAY)
    without_old = signed_by(draft, DANA, LENA)
    assert [str(seat) for seat in open_seats(without_old)] == ["Omar Haddad for sales (version 7)"]
    with pytest.raises(SignatureRefused, match="is not signed by Omar Haddad for sales"):
        conclude(without_old)
    assert len(conclude(signed_by(without_old, OMAR, at=MORNING + 2 * DAY)).signatures) == 3


def test_one_who_is_deputy_then_and_signatory_now_signs_once_for_both(acme: Contract, seventh: Signed) -> None:
    draft = propose(
        amended(acme, parties={**acme.parties, PartyName.MARKETING: party(INES)}), seventh, at=MORNING + DAY
    )
    assert open_seats(signed_by(draft, INES, OMAR)) == ()


def refusal(draft: Draft, signature: Signature) -> str:
    with pytest.raises(SignatureRefused) as refused:
        with_signature(draft, signature)
    return str(refused.value)


def test_a_signature_over_another_text_is_refused(acme: Contract, acme_sealed: Sealed) -> None:
    draft = propose(acme_sealed, None, at=MORNING)
    other = amended(acme, version=7, currency="USD")
    assert refusal(draft, by(DANA, other, MORNING)) == (
        f"Dana Reyes signed another text: digest {other.digest[:12]}…, that of version 7 is {acme_sealed.digest[:12]}…."
    )


def test_a_stranger_is_refused(acme_sealed: Sealed) -> None:
    draft = propose(acme_sealed, None, at=MORNING)
    charlie: Person = ("Charlie", "charlie@acme.example", PartyName.SALES)
    assert refusal(draft, by(charlie, acme_sealed, MORNING)) == (
        "Charlie (charlie@acme.example) is neither signatory nor deputy of sales in version 7."
    )


def test_a_signatory_of_the_other_side_is_refused(acme: Contract, seventh: Signed) -> None:
    draft = propose(amended(acme), seventh, at=MORNING + DAY)
    crossed: Person = (*DANA[:2], PartyName.SALES)
    assert refusal(draft, by(crossed, draft.sealed, MORNING + DAY)) == (
        "Dana Reyes (dana@acme.example) is neither signatory nor deputy of sales in versions 7 and 8."
    )


def test_nobody_signs_twice_nor_for_both_sides(acme: Contract) -> None:
    both = seal(dataclasses.replace(acme, parties={name: party(DANA, INES) for name in PartyName}))
    half = signed_by(propose(both, None, at=MORNING), DANA)
    for role in PartyName:
        again: Person = (*DANA[:2], role)
        assert refusal(half, by(again, both, MORNING + DAY)) == (
            "Dana Reyes has signed version 7 for marketing already; one person signs once, for one side."
        )


def test_a_signature_before_the_draft_is_refused(acme_sealed: Sealed) -> None:
    draft = propose(acme_sealed, None, at=MORNING)
    assert refusal(draft, by(DANA, acme_sealed, MORNING - HOUR)) == (
        "Dana Reyes signed on 1 December 2026, 08:00 (Europe/Berlin), before version 7 was proposed "
        "(1 December 2026, 09:00 (Europe/Berlin))."
    )


def test_a_signature_dated_before_one_recorded_already_is_refused(acme_sealed: Sealed) -> None:
    half = signed_by(propose(acme_sealed, None, at=MORNING), DANA, at=MORNING + DAY)
    assert refusal(half, by(OMAR, acme_sealed, MORNING)) == (
        "Omar Haddad signed on 1 December 2026, 09:00 (Europe/Berlin), before a signature that is recorded already "
        "(2 December 2026, 09:00 (Europe/Berlin)): signatures are recorded in the order given."
    )


def test_a_draft_changed_by_a_byte_is_refused(acme_sealed: Sealed) -> None:
    content = acme_sealed.content.replace(b"dana@acme.example", b"dina@acme.example")
    with pytest.raises(SealBroken, match="The sealed contract was changed"):
        propose(dataclasses.replace(acme_sealed, content=content), None, at=MORNING)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": 9}, "Version 9 cannot follow version 7: the next is 8."),
        ({"version": 7}, "Version 7 cannot follow version 7: the next is 8."),
        ({"name": "other"}, "This is a draft of the contract other; the version signed is acme-inbound."),
        (
            {"effective_from": parse_instant("2026-12-24T00:00:00+01:00")},
            (
                "Version 8 would govern from 24 December 2026, 00:00 (Europe/Berlin), before version 7 does "
                "(1 January 2027, 00:00 (Europe/Berlin))."
            ),
        ),
    ],
)
def test_a_draft_that_cannot_follow_is_refused(acme: Contract, seventh: Signed, changes: Any, words: str) -> None:
    with pytest.raises(SignatureRefused) as refused:
        propose(amended(acme, **changes), seventh, at=MORNING + DAY)
    assert str(refused.value) == words


def test_a_draft_older_than_the_signing_of_its_base_is_refused(acme: Contract, seventh: Signed) -> None:
    with pytest.raises(SignatureRefused, match="Version 8 was proposed before version 7 was signed; propose it again"):
        propose(amended(acme), seventh, at=MORNING)


def test_effective_in_a_gap_of_the_clocks_is_the_instant_it_says(acme: Contract) -> None:
    """02:30 does not exist in Berlin on that night; with its offset it is an instant all the same."""
    gap = parse_instant("2027-03-28T02:30:00+01:00")
    draft = propose(seal(dataclasses.replace(acme, effective_from=gap)), None, at=MORNING)
    assert conclude(signed_by(draft, DANA, OMAR)).in_force_from == parse_instant("2027-03-28T03:30:00+02:00")


# Succession.


def test_a_successor_signs_for_who_has_left(acme: Contract, seventh: Signed) -> None:
    new = appoint(seventh, succession())
    parties = {**acme.parties, PartyName.SALES: party(LENA)}
    draft = propose(amended(acme, parties=parties), new, at=MORNING + 11 * DAY)
    assert {seat.name for seat in open_seats(draft)} == {"Dana Reyes", "Lena Brandt"}
    assert open_seats(signed_by(draft, LENA, DANA)) == ()


def test_who_has_left_signs_no_more(acme: Contract, seventh: Signed) -> None:
    parties = {**acme.parties, PartyName.SALES: party(LENA)}
    draft = propose(amended(acme, parties=parties), appoint(seventh, succession()), at=MORNING + 11 * DAY)
    assert refusal(draft, by(OMAR, draft.sealed, MORNING + 11 * DAY)) == (
        "Omar Haddad (omar@acme.example) is neither signatory nor deputy of sales in versions 7 and 8."
    )


def test_who_stands_for_a_side_is_its_signatory_a_deputy_and_from_then_on_a_successor(seventh: Signed) -> None:
    then, given = appoint(seventh, succession()), succession()
    before, after = given.at - 1, given.at
    for at, holder in ((before, OMAR[1]), (after, given.email)):
        assert stands_for(then, PartyName.SALES, holder.upper(), at)
    assert not stands_for(then, PartyName.SALES, given.email, before)
    assert not stands_for(then, PartyName.SALES, OMAR[1], after)
    assert stands_for(then, PartyName.MARKETING, INES[1], after), "a deputy"
    assert not stands_for(then, PartyName.SALES, INES[1], after), "of the other side"


def test_a_signature_given_before_the_succession_stands(acme: Contract, seventh: Signed) -> None:
    draft = signed_by(propose(amended(acme), seventh, at=MORNING + DAY), OMAR)
    later = dataclasses.replace(draft, base=appoint(seventh, succession()))
    assert [seat.name for seat in open_seats(later)] == ["Dana Reyes", "Dana Reyes"]


def test_the_seat_of_a_successor_is_open_before_anybody_signed(acme: Contract, seventh: Signed) -> None:
    draft = propose(amended(acme), seventh, at=MORNING + DAY)
    later = dataclasses.replace(draft, base=appoint(seventh, succession()))
    assert [seat.name for seat in open_seats(later)] == ["Dana Reyes", "Lena Brandt", "Dana Reyes", "Omar Haddad"]


def test_a_successor_can_be_succeeded_and_can_appoint(seventh: Signed) -> None:
    first = appoint(seventh, succession())
    second = appoint(
        first,
        succession(
            party=PartyName.MARKETING, replaces="dana@acme.example", name="Ines Vogt", email="ines@acme.example",
            appointed_by="lena@acme.example", at=MORNING + 20 * DAY,
        ),
    )  # fmt: skip
    third = appoint(
        second,
        succession(
            replaces="lena@acme.example", name="Sam Okoro", email="sam@acme.example",
            appointed_by="ines@acme.example", at=MORNING + 30 * DAY,
        ),
    )  # fmt: skip
    assert [each.name for each in third.successions] == ["Lena Brandt", "Ines Vogt", "Sam Okoro"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": 8}, "This appointment is for version 8, not 7."),
        ({"replaces": "lena@acme.example"}, "lena@acme.example is not the signatory of sales; omar@acme.example is."),
        (
            {"appointed_by": "ines@acme.example"},
            "A successor for sales is appointed by the signatory of marketing, dana@acme.example.",
        ),
        ({"admin": "Dana@acme.example"}, "An appointment needs an admin other than the signatory who appoints."),
        ({"admin": "lena@acme.example"}, "Nobody appoints themselves."),
        ({"email": "omar@acme.example"}, "omar@acme.example has left and cannot succeed themselves."),
        ({"email": "ines@acme.example"}, "ines@acme.example stands for marketing and cannot sign for sales too."),
        ({"email": "dana@acme.example"}, "dana@acme.example stands for marketing and cannot sign for sales too."),
        ({"why": "  "}, "An appointment says why."),
        ({"at": MORNING}, "An appointment follows the signing and every appointment before it."),
    ],
)
def test_an_appointment_against_the_rules_is_refused(seventh: Signed, changes: Any, words: str) -> None:
    with pytest.raises(SignatureRefused) as refused:
        appoint(seventh, succession(**changes))
    assert str(refused.value) == words


def test_a_succession_is_described_loudly() -> None:
    assert describe(succession(), "Europe/Berlin") == (
        "SUCCESSION: Lena Brandt (lena@acme.example) signs for sales under version 7 from 11 December 2026, 09:00 "
        "(Europe/Berlin), in place of omar@acme.example, who has left. Appointed by dana@acme.example and the admin "
        "priya@acme.example. Reason: Omar left the company on 30 November."
    )

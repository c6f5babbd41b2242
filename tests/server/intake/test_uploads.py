"""History given on a page: looked at, taken in by a worker in portions, stopped, gone on with, forgotten."""

from __future__ import annotations

import gzip
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.service import Crew, Hands

from handfast.audit.roles import Kind
from handfast.instant import DAY, HOUR
from handfast_server.delivery.models import Message
from handfast_server.handoffs.models import Clock
from handfast_server.intake import importing, taking, uploads
from handfast_server.intake.item import Item, Outcome
from handfast_server.intake.loops import LOOPS
from handfast_server.intake.models import ImportRun, Upload, UploadedFile
from handfast_server.intake.take import take_in
from handfast_server.intake.taking import Lines
from handfast_server.intake.uploads import Given
from handfast_server.leads.actions import do_erase
from handfast_server.leads.models import Lead
from handfast_server.now import now
from handfast_server.refused import Refused
from handfast_server.worker.run import run

pytestmark = pytest.mark.django_db

HEAD = "Record ID,Email,First Name,Company Name,Country/Region,Create Date,Became a Marketing Qualified Lead Date\n"


@pytest.fixture(autouse=True)
def _nothing_is_open() -> Iterator[None]:
    taking.forget()
    yield
    taking.forget()


def contacts(rows: int, first: int = 0) -> bytes:
    days = {row: f"2026-10-{1 + row % 28:02}" for row in range(first, first + rows)}
    lines = (
        f"{1000 + row},person{row}@buyer{row}.example,Pia,Buyer {row},Germany,{day} 09:00,{day} 10:00\n"
        for row, day in days.items()
    )
    return (HEAD + "".join(lines)).encode()


def given(content: bytes, name: str = "contacts.csv") -> Upload:
    return uploads.do_upload([Given(name, content)], "hubspot", "priya")[0]


def work() -> None:
    run(once=True, which=[loop for loop in LOOPS if loop.name == "intake.uploads"])


def test_what_is_looked_at_is_kept_and_nothing_is_taken_in(team: Crew) -> None:
    row, looked = uploads.do_upload([Given("contacts.csv", contacts(30))], "HubSpot", "priya")
    assert (row.state, row.source, row.total, looked.total) == ("looked", "hubspot", 30, 30)
    assert looked.files[0].recognised_as == "HubSpot contacts"
    assert looked.files[0].columns["Email"] == "email"
    assert looked.rows[0].item.email == "person0@buyer0.example"  # type: ignore[union-attr] # it was not refused
    assert uploads.look(row).mapping == looked.mapping
    work()
    assert not Lead.objects.exists()


def test_a_worker_takes_it_in_and_no_clock_starts(clock: Hands, team: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "RUN", 10)
    row = given(contacts(25) + b"9999,no address,,,,yesterday,\n")
    uploads.do_begin(row.pk)
    assert taking.take_some()
    assert taking.take_some()
    row.refresh_from_db()
    assert (row.state, row.done) == ("waiting", 10)
    work()
    row.refresh_from_db()
    assert (row.state, row.done) == ("done", row.total)
    assert row.counts["accepted"] == Lead.objects.count()
    assert Lead.objects.count() >= 25
    assert row.refused.startswith("file,line,reason,row")
    assert not UploadedFile.objects.exists()
    assert not Clock.objects.exists()
    assert not Message.objects.exists()


def test_a_worker_that_dies_loses_nothing_and_doubles_nothing(
    clock: Hands, team: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "RUN", 10)
    row = given(contacts(25))
    uploads.do_begin(row.pk)
    for _ in range(2):
        taking.take_some()
    taking.forget()  # the process is gone; another waits until it has been silent for long enough
    assert not taking.take_some()
    ImportRun.objects.update(done=0)  # it died before it could note the last portion
    clock.move(HOUR)
    work()
    row.refresh_from_db()
    assert (row.state, row.done, Lead.objects.count()) == ("done", 25, 25)
    assert (row.counts["accepted"], row.counts["repeat"]) == (25, 10)


def test_a_portion_that_raises_is_tried_again(team: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    row = given(contacts(5))
    uploads.do_begin(row.pk)
    calls: list[int] = []

    def breaks(items: list[Item], first: Callable[[], None]) -> list[Outcome]:
        calls.append(len(items))
        if len(calls) == 1:
            raise RuntimeError
        return take_in(items, first=first)

    monkeypatch.setattr(taking, "take_in", breaks)
    taking.take_some()
    with pytest.raises(RuntimeError):
        taking.take_some()
    work()
    row.refresh_from_db()
    assert (row.state, Lead.objects.count(), calls) == ("done", 5, [5, 5])


def test_it_is_stopped_gone_on_with_and_thrown_away(team: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "RUN", 10)
    row = given(contacts(25))
    uploads.do_begin(row.pk)
    taking.take_some()
    taking.take_some()
    uploads.do_stop(row.pk)
    work()
    assert Lead.objects.count() == 10
    uploads.do_begin(row.pk)
    work()
    assert Lead.objects.count() == 25
    with pytest.raises(Refused):
        uploads.do_begin(row.pk)
    with pytest.raises(Refused):
        uploads.do_discard(row.pk)
    other = given(contacts(2, 50))
    uploads.do_discard(other.pk)
    assert not Upload.objects.filter(pk=other.pk).exists()


def test_columns_are_read_otherwise_when_told_so(team: Crew) -> None:
    row, looked = uploads.do_upload([Given("contacts.csv", contacts(3))], "hubspot", "priya")
    entry = looked.mapping.files[0]
    columns = {**entry.columns, "Company Name": ("campaign",)}
    again = uploads.do_map(row, replace(looked.mapping, files=(replace(entry, columns=columns),)))
    assert again.rows[0].item.attributes["campaign"] == "Buyer 0"  # type: ignore[union-attr] # it was not refused
    with pytest.raises(Refused):
        uploads.do_map(row, replace(looked.mapping, files=(replace(entry, kind=Kind.DEALS),)))
    uploads.do_begin(row.pk)
    work()
    assert not Lead.objects.exclude(company="").exists()


def test_a_table_that_nothing_knows_is_kept_for_somebody_to_say_what_it_holds(team: Crew) -> None:
    text = b"wann,wer\n2026-10-01,ann\n2026-10-02,bob\n"
    row, looked = uploads.do_upload([Given("anfragen.csv", text)], "crm", "priya")
    assert (looked.total, [guess.header for guess in looked.files[0].guesses]) == (0, ["wann", "wer"])
    assert "give it a mapping" in " ".join(looked.said)
    assert uploads.look(row).total == 0
    with pytest.raises(Refused):
        uploads.do_begin(row.pk)
    entry = replace(looked.mapping.files[0], columns={"wann": ("inquiry_at",), "wer": ("id",)})
    assert uploads.do_map(row, replace(looked.mapping, files=(entry,))).total == 2
    uploads.do_begin(row.pk)
    work()
    assert Lead.objects.count() == 2


@pytest.mark.parametrize(
    "files",
    [
        [],
        [Given("a.csv", b"")],
        [Given("a.csv", b"\x00\x01\x02")],
        [Given("a.csv", HEAD.encode()), Given("A.CSV", HEAD.encode())],
    ],
)
def test_what_cannot_be_read_is_not_kept(team: Crew, files: list[Given]) -> None:
    with pytest.raises(Refused):
        uploads.do_upload(files, "hubspot", "priya")
    assert not Upload.objects.exists()


def test_files_that_name_somebody_who_is_forgotten_go(clock: Hands, team: Crew) -> None:
    done = given(contacts(3))
    uploads.do_begin(done.pk)
    work()
    waits, other, torn = given(contacts(3), "again.csv"), given(contacts(3, 10)), given(contacts(3, 20))
    UploadedFile.objects.filter(upload=torn.pk).update(content=b"x")  # whom it names cannot be read
    Upload.objects.filter(pk=done.pk).update(refused="file,line\r\na,PERSON0@buyer0.example\r\nb,x\r\n")
    do_erase(Lead.objects.get(email="person0@buyer0.example").pk)
    assert [row.upload_id for row in UploadedFile.objects.all()] == [other.pk]
    for gone in (waits, torn):
        gone.refresh_from_db()
        assert gone.state == "failed"
    done.refresh_from_db()
    assert done.refused == "file,line\r\nb,x\r\n"
    clock.move(8 * DAY)
    taking.tidy(now())
    assert not UploadedFile.objects.exists()


def test_who_is_forgotten_while_a_portion_is_taken_in_does_not_come_back(
    clock: Hands, team: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = given(contacts(3))
    uploads.do_begin(done.pk)
    work()
    lead = Lead.objects.get(email="person0@buyer0.example").pk
    again = given(contacts(5), "again.csv")
    uploads.do_begin(again.pk)

    def meanwhile(items: list[Item], first: Callable[[], None]) -> list[Outcome]:
        do_erase(lead)
        return take_in(items, first=first)

    monkeypatch.setattr(taking, "take_in", meanwhile)
    work()
    again.refresh_from_db()
    assert (again.state, again.done, again.refused.count("person")) == ("failed", 0, 0)
    assert "forgotten" in again.why
    assert not Lead.objects.filter(email="person0@buyer0.example").exists()
    assert Lead.objects.count() == 3


def test_what_was_refused_of_somebody_who_was_forgotten_meanwhile_is_not_kept(
    team: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = given(contacts(3))
    uploads.do_begin(row.pk)
    taking.take_some()
    refused = Lines.taken

    def then(lines: Lines) -> str:
        Upload.objects.update(state=Upload.State.FAILED)  # as who is forgotten in this moment leaves it
        return refused(lines) + "a,person0@buyer0.example"

    monkeypatch.setattr(Lines, "taken", then)
    taking.take_some()
    row.refresh_from_db()
    assert (row.state, row.refused.count("person")) == ("failed", 0)


@pytest.mark.parametrize("packed", [lambda text: text.decode().encode("utf-16"), gzip.compress])
def test_a_file_goes_in_whatever_way_it_names_who_is_forgotten(team: Crew, packed: Callable[[bytes], bytes]) -> None:
    done = given(contacts(3))
    uploads.do_begin(done.pk)
    work()
    given(packed(contacts(3)), "again.csv.gz" if packed is gzip.compress else "again.csv")
    do_erase(Lead.objects.get(email="person0@buyer0.example").pk)
    assert not UploadedFile.objects.exists()


def test_a_worker_whose_import_another_took_over_lets_go_of_it(team: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "RUN", 10)
    row = given(contacts(25))
    uploads.do_begin(row.pk)
    taking.take_some()
    Upload.objects.update(held_until=now() + HOUR)  # by the other
    assert not taking.take_some()
    assert not Lead.objects.exists()


def test_files_that_a_killed_process_laid_out_are_thrown_away(
    team: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gone = subprocess.Popen(["true"])
    gone.wait()
    for process in (gone.pid, os.getpid()):
        folder = tmp_path / f"handfast-import-{process}-abc"
        folder.mkdir()
        (folder / "contacts.csv").write_bytes(contacts(1))
    taking.tidy(now())
    assert [folder.name for folder in tmp_path.iterdir()] == [f"handfast-import-{os.getpid()}-abc"]

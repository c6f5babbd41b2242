"""What a file is taken for, column by column, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from handfast.audit import Export
from handfast.audit.column.vocabulary import Empties
from handfast.audit.export import Guess
from handfast.audit.file.source import find_sources
from handfast.audit.file.table import open_table
from handfast.audit.recognise import Recognised, fits, recognise
from handfast.audit.roles import NEEDED, ROLES, Kind, role_of
from handfast.audit.systems import NAMES, header_key, known_tables
from handfast.errors import ExportRefused

from .conftest import FIXTURES, Reads, stages, words


def taken(path: Path) -> Recognised | None:
    (source,) = find_sources([path])
    return recognise(open_table(source), Empties())


def guesses(export: Export) -> dict[str, Guess]:
    return {guess.header: guess for file in export.files for guess in file.guesses}


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Record ID - Contact", "recordidcontact"),
        ("property_createdate", "createdate"),
        ("Create Date", "createdate"),
        ("MQL_Date__c", "mqldate"),
        ("mql_date_c", "mqldate"),
        ("LeadSource", "leadsource"),
        ("lead_source", "leadsource"),
        ("No. of Employees", "noofemployees"),
    ],
)
def test_headers_without_what_systems_spell_differently(header: str, key: str) -> None:
    assert header_key(header) == key


def test_every_known_table_names_roles_that_exist() -> None:
    tables = known_tables()
    assert {table.system for table in tables} == {"HubSpot", "Salesforce", "Marketo", "a table"}
    assert len(NAMES) == 4
    for table in tables:
        for role in [
            *table.columns,
            *table.values,
            *table.constants,
            *(more for extra in table.also.values() for more in extra),
        ]:
            assert role_of(table.kind, role), (table.title, role)
        given = {*table.columns, *table.constants}
        for group in NEEDED[table.kind]:
            assert given & set(group), (table.title, group)


@pytest.mark.parametrize(
    "path", sorted(path for path in FIXTURES.rglob("*.csv")), ids=lambda path: "/".join(path.parts[-3:])
)
def test_every_fixture_is_taken_for_its_own_system(path: Path) -> None:
    found = taken(path)
    assert found is not None
    assert found.mapping.title.casefold().startswith(path.parts[-3])
    assert 0.5 < found.confidence <= 1
    assert "columns are those of" in found.reason


@pytest.mark.parametrize(
    ("folder", "names", "titles"),
    [
        (
            "hubspot",
            [
                "contact_data",
                "company_data",
                "deal_data",
                "engagement_call_data",
                "engagement_task_data",
                "owner_data",
                "contact_form_submission_data",
                "deal_contact_data",
                "deal_stage_data",
                "deal_pipeline_stage_data",
                "contact_property_history_data",
                "email_event_data",
                "contact_merge_audit_data",
            ],
            "HubSpot",
        ),
        (
            "salesforce",
            [
                "sf_lead_data",
                "sf_opportunity_data",
                "sf_task_data",
                "sf_event_data",
                "sf_user_data",
                "sf_account_data",
                "sf_contact_data",
                "sf_opportunity_history_data",
            ],
            "Salesforce",
        ),
        (
            "marketo",
            ["marketo_lead_data", "marketo_activity_open_email_data", "marketo_activity_change_data_value_data"],
            "Marketo",
        ),
    ],
)
def test_real_columns_of_the_systems_tables(real_data: Path, folder: str, names: list[str], titles: str) -> None:
    shapes = real_data / "crm_export_shapes" / folder
    if not shapes.is_dir():
        pytest.skip("the folder crm_export_shapes is missing beside the other real data")
    for name in names:
        found = taken(shapes / f"{name}.csv")
        assert found is not None, name
        assert found.mapping.title.startswith(titles), name
        assert found.mapping.kind is not Kind.IGNORE, name


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("hubspot", "form_data"),
        ("hubspot", "email_campaign_data"),
        ("salesforce", "sf_product_2_data"),
        ("marketo", "marketo_program_data"),
    ],
)
def test_tables_of_no_use_are_known_as_such(real_data: Path, folder: str, name: str) -> None:
    path = real_data / "crm_export_shapes" / folder / f"{name}.csv"
    if not path.is_file():
        pytest.skip("the folder crm_export_shapes is missing beside the other real data")
    found = taken(path)
    assert found is not None
    assert found.mapping.kind is Kind.IGNORE


def test_tables_of_no_use_are_not_read_and_that_is_said(reads: Reads, tmp_path: Path) -> None:
    (tmp_path / "form.csv").write_text("guid,lead_nurturing_campaign_id,name\n1,2,x\n")
    export = reads("leads.csv", "Lead ID,Email,Created Date\n1,a@x.example,2026-03-25\n", folder=True)
    assert any(said.startswith("form.csv was not read: HubSpot lists") for said in export.assumed)


def test_a_known_header_over_other_values_is_not_taken(reads: Reads) -> None:
    text = "Lead ID,Email,Created Date,MQL Date,Lead Status\n"
    export = reads("leads.csv", text + "1,a@x.example,2026-03-25,Anna,Open\n2,b@x.example,2026-03-26,Ben,Open\n")
    guess = guesses(export)["MQL Date"]
    assert (guess.role, guess.reason) == ("", "the header says mql_at, 100% of the values do not")
    assert guesses(export)["Email"].confidence == 0.99
    assert "100% of the values fit" in guesses(export)["Email"].reason


def test_a_known_header_over_nothing_is_taken_with_less_trust(reads: Reads) -> None:
    export = reads("leads.csv", "Lead ID,Email,Created Date,MQL Date\n1,a@x.example,2026-03-25,\n")
    guess = guesses(export)["MQL Date"]
    assert (guess.role, guess.confidence) == ("mql_at", 0.8)


def test_the_second_best_header_is_taken_when_the_best_holds_other_values(reads: Reads) -> None:
    text = "Record ID,Email,Create Date,Became a Lead Date,Lifecycle Stage\n1,a@x.example,unknown,2026-03-25,lead\n"
    assert stages(reads("contacts.csv", text))["inquiry"] == ["2026-03-25 00:00"]


def test_dates_of_stages_under_the_companys_own_headers(reads: Reads) -> None:
    text = "Record ID,Email,Lifecycle Stage,Create Date,Date of SAL (custom),Lead rejected on,SQL score\n"
    export = reads("contacts.csv", text + "1,a@x.example,lead,2026-03-25,2026-03-26,2026-03-27,12345678901\n")
    told = stages(export)
    assert (told["accepted"], told["rejected"]) == (["2026-03-26 00:00"], ["2026-03-27 00:00"])
    assert guesses(export)["Date of SAL (custom)"].confidence == 0.7
    assert "sql" not in told


def test_columns_known_by_their_values_alone(reads: Reads) -> None:
    text = "Record ID,Lifecycle Stage,Create Date,Kontaktadresse,Herkunft,Sonstiges\n"
    export = reads(
        "contacts.csv", text + "1,lead,2026-03-25,a@x.example,Germany,x\n2,lead,2026-03-25,b@x.example,France,y\n"
    )
    assert words(export.attributes["email_domain"]) == ["x.example", "x.example"]
    assert words(export.attributes["country"]) == ["DE", "FR"]
    assert "e-mail addresses" in guesses(export)["Kontaktadresse"].reason
    assert guesses(export)["Sonstiges"].reason == "nothing that an audit reads"


def test_a_table_in_another_language_is_known_by_its_content(reads: Reads) -> None:
    text = "Kennung,Anschrift,Wann,Etappe\nK-1,a@x.example,25.03.2026 10:00,MQL\nK-2,b@x.example,26.03.2026 11:00,SQL\n"
    export = reads("liste.csv", text, zone="Europe/Berlin")
    assert export.files[0].recognised_as == "a table of leads, by its content"
    told = stages(export)
    assert (told["mql"], told["sql"]) == (["yes", ""], ["", "yes"])
    dated = reads(
        "andere.csv", text.replace("Etappe", "Notiz").replace("MQL", "x").replace("SQL", "y"), zone="Europe/Berlin"
    )
    assert stages(dated)["inquiry"] == ["2026-03-25 09:00", "2026-03-26 10:00"]
    assert guesses(dated)["Wann"].confidence == 0.5


def test_salesforce_ids_are_enough_to_know_a_table(reads: Reads) -> None:
    text = "Schluessel,Wann\n00Q5e00000Aa01x,2026-03-25\n00Q5e00000Aa02x,2026-03-26\n"
    export = reads("x.csv", text)
    assert export.key == ["00Q5e00000Aa01x", "00Q5e00000Aa02x"]
    assert guesses(export)["Schluessel"].reason == "every value is the id of a Salesforce lead"


@pytest.mark.parametrize(
    "text",
    ["Anschrift,Notiz\na@x.example,x\n", "Kennung,Wann\nK-1,2026-03-25\n", "Wert,Wann\n12,2026-03-25\n"],
)
def test_content_that_proves_too_little(reads: Reads, text: str) -> None:
    with pytest.raises(ExportRefused, match="are none that an audit knows"):
        reads("x.csv", text)


def test_an_id_by_its_name_and_its_values(reads: Reads) -> None:
    text = "Kunden-Nr,Email,Lifecycle Stage,Create Date\n7,a@x.example,lead,2026-03-25\n8,b@x.example,lead,2026-03-25\n"
    assert reads("contacts.csv", text).key == ["7", "8"]
    repeated = reads("contacts.csv", text.replace("8,", "7,"))
    assert repeated.key == ["contacts.csv:2", "contacts.csv:3"]  # without an id, rows go by file and line


def test_fits() -> None:
    assert fits("no_such_role", Kind.LEADS, ["x"], Empties()) == 0
    assert fits("email", Kind.LEADS, [], Empties()) == 0
    assert fits("deleted", Kind.LEADS, ["yes", "perhaps"], Empties()) == 0.5
    assert fits("employees", Kind.LEADS, ["51-200", "many"], Empties()) == 0.5


def test_every_role_says_what_it_is() -> None:
    for roles in ROLES.values():
        for name, role in roles.items():
            assert name == role.name
            assert role.title
    assert role_of(Kind.LEADS, "attributes.product_interest") is not None
    assert role_of(Kind.ACTIVITIES, "properties.seats") is not None
    assert role_of(Kind.DEALS, "attributes.product_interest") is None
    assert role_of(Kind.LEADS, "properties.seats") is None


def test_a_system_that_leads_enter_when_sales_gets_them(reads: Reads) -> None:
    text = "Id,Email,CreatedDate,LeadSource,IsConverted,Status\n00Q5e00000Aa01x,a@x.example,2026-03-25,Web,false,Open\n"
    export = reads("Lead.csv", text)
    assert stages(export)["mql"] == ["2026-03-25 00:00"]
    guess = guesses(export)["CreatedDate"]
    assert (guess.role, guess.confidence) == ("inquiry_at, mql_at", 0.5)
    stated = reads("Lead.csv", text.replace("IsConverted", "MQL_Date__c").replace("false", "2026-03-28"))
    assert stages(stated)["mql"] == ["2026-03-28 00:00"]
    assert guesses(stated)["CreatedDate"].role == "inquiry_at"

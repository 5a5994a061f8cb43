"""`schema`: what records hold, for programs as JSON Schema, for people a row for each field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

SAMPLE = {
    "customer": '{"key":"K9","name":"林小满","kind":"person","phone":"13800000577","founded":"2020-02-29",'
    '"birth_year":1988,"tags":["vip"],"potential_volume":1200.5,"fan":true,"usage_depth":40,'
    '"behaviour":{"average_spend":12.50,"channel":"online"},'
    '"consent":{"date":"2026-01-02","scope":"all"},"custom":{"colour":"red"},"state":"lost"}\n',
    "customer order": '{"key":"B9","customer":"C-000001","date":"2026-11-20","quantity":-2,"amount":3998.00,'
    '"referred_by":"C-000002","state":"completed","note":"x"}\n',
    "customer ledger": "".join(
        f'{{"customer":"C-000001","item":"x{number}","amount":5,"invoice":{{"date":"2026-11-01"}},'
        '"payments":[{"date":"2026-11-20","amount":2.50}],"payer":{"name":"王","phone":"13800000577"}}\n'
        for number in range(3)
    ),
}


def validator(run, noun):
    """Return what tells whether a record is as `schema` says; the schema itself is checked first."""
    found = json.loads(run(f"{noun} schema").stdout)
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found, format_checker=FormatChecker())


@pytest.mark.parametrize("noun", SAMPLE)
def test_what_is_exported_is_valid(register, noun):
    """Whatever export writes is as the schema says, the parts of groups and the revision with it."""
    assert register(f"{noun} import -", input=SAMPLE[noun]).exit_code == 0
    valid = validator(register, noun)
    masked = register(f"{noun} export -o jsonl").stdout.splitlines()
    lines = [*masked, *register(f"{noun} export -o jsonl --reveal").stdout.splitlines()]
    assert len(lines) >= 6
    assert [error.message for line in lines for error in valid.iter_errors(json.loads(line))] == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "'' should be non-empty"),
        ({"kind": "firm"}, "'firm' is not one of ['company', 'person']"),
        ({"birth_year": "1988"}, "'1988' is not valid under any of the given schemas"),
        ({"usage_depth": 101}, "101 is greater than the maximum of 100"),
        ({"founded": "2026-13-01"}, "'2026-13-01' is not a 'date'"),
        ({"potential_volume": "12.5"}, "'12.5' is not of type 'number'"),
        ({"tags": "vip"}, "'vip' is not of type 'array'"),
        ({"consent": {"scope": "1"}}, "'date' is a required property"),
        ({"behaviour": {"chanel": "x"}}, "'chanel' was unexpected"),
        ({"phone": None}, "None is not of type 'string'"),
        ({"nmae": "x"}, "'nmae' was unexpected"),
    ],
)
def test_what_does_not_fit(register, wrong, said):
    """A record with one wrong value is not valid, for that reason alone."""
    valid = validator(register, "customer")
    (error,) = valid.iter_errors({"id": "C-1", "name": "x"} | wrong)
    assert said in error.message


def test_all_that_a_field_says(register, cases):
    """Titles, choices, references, personal data and who keeps a field have words of our own."""
    found = json.loads(register("customer order schema").stdout)
    assert list(found) == ["$schema", "title", "type", "properties", "required", "additionalProperties"]
    assert found["required"] == ["id", "customer", "date"]
    assert {name: found["properties"][name] for name in ("id", "customer", "date", "state", "amount")} == {
        "id": {
            "title": "ID",
            "x-title-en": "ID",
            "x-title-zh": "编号",
            "type": "string",
            "readOnly": True,
        },
        "customer": {
            "title": "Customer",
            "x-title-en": "Customer",
            "x-title-zh": "客户",
            "type": "string",
            "x-reference": "customers",
        },
        "date": {
            "title": "Date",
            "x-title-en": "Date",
            "x-title-zh": "订单日期",
            "type": "string",
            "format": "date",
        },
        "state": {
            "title": "State",
            "x-title-en": "State",
            "x-title-zh": "订单状态",
            "enum": ["quoted", "open", "completed", "cancelled"],
            "x-choices-zh": {
                "quoted": "已报价",
                "open": "进行中",
                "completed": "已完成",
                "cancelled": "已取消",
            },
            "default": "open",
        },
        "amount": {"title": "Amount", "x-title-en": "Amount", "x-title-zh": "金额", "type": "number"},
    }
    case = json.loads(cases("case schema").stdout)["properties"]
    assert (case["state"]["x-kept-by"], case["state"]["readOnly"]) == ("case close", True)
    assert (case["minutes"]["x-unit"], case["minutes"]["minimum"]) == ("minutes", 0)
    assert json.loads(register("customer schema").stdout)["properties"]["phone"]["x-personal"] == "phone"


def test_in_chinese(register):
    """Titles are in the user's language, the codes of programs as they are."""
    found = json.loads(register("customer order schema --fields date --lang zh").stdout)
    assert (found["title"], found["properties"]["date"]["title"]) == ("订单", "订单日期")


def test_some_fields(register):
    """--fields gives the schema of an export with the same --fields, and only the groups it needs."""
    asked = "--fields name,behaviour.channel,custom.colour,consent"
    found = json.loads(register(f"customer schema {asked}").stdout)
    assert list(found["properties"]) == ["name", "behaviour.channel", "custom.colour", "consent"]
    assert (found["required"], list(found["$defs"])) == (["name"], ["Consent"])
    for line in register(f"customer export -o jsonl {asked}").stdout.splitlines():
        Draft202012Validator(found).validate(json.loads(line))
    assert register("customer schema --fields nmae").stderr == (
        "cskit: --fields: nmae: no such field; did you mean name?\n"
    )


def test_a_row_for_each_field(cases):
    """A table has a row for each field and each part of a group, and no column in which nothing stands."""
    assert cases("case schema -o table") == (
        0,
        "Field         Title         Type          Required    Choices      Unit     Kept by\n"
        "------------  ------------  ------------  ----------  -----------  -------  ----------\n"
        "id            ID            text\n"
        "key           External key  text\n"
        "content       Content       text          yes\n"
        "state         State         choice                    new; closed           case close\n"
        "minutes       Effort        whole number                           minutes\n"
        "steps         Steps         groups\n"
        "steps[].text  Text          text          yes\n"
        "rev           Revision      text\n",
        "",
    )


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        (
            "csv",
            "field,title,type,required,choices,unit,reference,personal,kept_by\n"
            "customer,Customer,text,true,,,customers,,\n"
            "state,State,choice,,quoted 已报价; open 进行中; completed 已完成; cancelled 已取消,,,,\n",
        ),
        (
            "jsonl",
            '{"field":"customer","title":"Customer","type":"text","required":true,"reference":"customers"}\n'
            '{"field":"state","title":"State","type":"choice",'
            '"choices":["quoted 已报价","open 进行中","completed 已完成","cancelled 已取消"]}\n',
        ),
    ],
)
def test_rows_in_other_formats(register, form, shown):
    """The other formats have the rows of the table, with all columns."""
    assert register(f"customer order schema --fields customer,state -o {form}") == (0, shown, "")


def test_into_a_file(register, tmp_path):
    """--out takes the schema, or what its ending stands for."""
    register("customer order schema --out order.schema.json")
    assert json.loads((tmp_path / "order.schema.json").read_text(encoding="utf-8"))["title"] == "order"
    register("customer order schema --out fields.csv --fields date")
    assert Path("fields.csv").read_text(encoding="utf-8-sig").splitlines()[1] == "date,Date,date,true,,,,,"

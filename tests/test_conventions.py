"""Every command of the tree keeps the conventions: help, errors, formats, pipes, dry runs, yes and no.

The tree is ours and a stranger's (cskit_acme). A command that is new needs a row in `CASES`.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest

from cskit import numbering
from cskit.app import App
from cskit.cli import root
from cskit.display.output import FORMATS
from cskit.lazy import LazyGroup
from cskit.terminal.helppages import cells
from cskit.testing import Result, run

ROOT = Path(__file__).parents[1]
ACME = Path(__file__).parent / "example_plugin" / "cskit_acme"
PLUGINS = {
    "calls": "cskit_calls",
    "complaints": "cskit_complaints",
    "customers": "cskit_customers",
    "grading": "cskit_grading",
    "property": "cskit_property",
    "service": "cskit_service",
    "staff": "cskit_staff",
    "surveys": "cskit_surveys",
    "acme": "cskit_acme",
}
sys.path.insert(0, str(ACME))
TREE = App(installed=PLUGINS).plugins


class Case(NamedTuple):
    """How a command is called so that it succeeds, and what it is: reads, writes, tells, or stands alone.

    `tells`: its result is a text, no rows. `alone`: it works on a place or process of its own, which tests of
    its own look at.
    """

    words: str
    kind: str
    fields: str = ""


CASES = {
    "call coaching acknowledge": Case("CO-00001 --user S-002", "writes"),
    "call handover": Case("--shift late --on 2026-11-23", "writes"),
    "call qa agreement": Case("--month 2026-11", "reads", "scorers"),
    "call qa measure done": Case("QM-00001", "writes"),
    "call qa report": Case("--month 2026-11", "reads", "figure"),
    "call qa sample": Case("--month 2026-11 --seed 7", "writes"),
    "call qa score": Case("CL-20261122-007 --rest-ok --user S-001", "writes"),
    "call qa sheet list": Case("", "reads", "name"),
    "call qa sheet show": Case("hotline", "reads", "item"),
    "call qa unscored": Case("", "reads", "id"),
    "call shift cover": Case("AB-00001", "writes"),
    "call shift gaps": Case("--from 2027-02-01", "reads", "day"),
    "call shift plan": Case("--from 2027-01-01 --to 2027-01-04 --staff S-001", "writes"),
    "call shift support": Case("--month 2027-02", "writes"),
    "call shift swap": Case("SH-00001 SH-00002", "writes"),
    "call shifts": Case("--week 2027-02-01", "reads", "name"),
    "call takeover": Case("HO-00001 --user lead", "writes"),
    "acme checklist": Case("", "reads", "step"),
    "acme visitplan": Case("--month 2026-05", "reads", "date"),
    "batch": Case("commands.txt", "writes"),
    "calendar add": Case("2026-09-30T17:00 3d", "tells"),
    "calendar between": Case("2026-09-30T17:00 2026-10-10T17:00", "reads", "days"),
    "calendar import": Case("holidays-2027.csv", "alone"),
    "calendar show": Case("2026-10", "reads", "date"),
    "call flow": Case("", "reads", "queue"),
    "call plan done": Case("IP-00001", "writes"),
    "call plan drop": Case("IP-00001", "writes"),
    "call promises": Case("", "reads", "id"),
    "call staffing": Case("--calls-per-hour 200 --aht 180", "reads", "agents"),
    "call stats": Case("--by hour", "reads", "hour"),
    "call visitors": Case("", "reads", "day"),
    "case approve": Case("CP-20261122-003 --extension 1 --user lead", "writes"),
    "case assign": Case("CP-20261122-001 --to repair", "writes"),
    "case audit handovers": Case("", "reads"),
    "case audit pauses": Case("", "reads", "pauses"),
    "case audit reopened": Case("", "reads"),
    "case categories": Case("--tree channel", "reads", "code"),
    "case chase": Case("CP-20261122-001", "writes"),
    "case close": Case("CP-20261122-005", "writes"),
    "case comment": Case("CP-20261122-001 --text noted", "writes"),
    "case compensate": Case("CP-20261122-001 --amount 20", "writes"),
    "case crisis": Case("CP-20261122-006", "reads", "step"),
    "case escalate": Case("CP-20261122-001 --reason x", "writes"),
    "case extend": Case("CP-20261122-002 --until 90d --reason x", "writes"),
    "case flow": Case("", "reads", "state"),
    "case import-events": Case("helpdesk.csv --map helpdesk.toml", "writes"),
    "case keep": Case("CP-20261122-003", "writes"),
    "case link": Case("CP-20261122-001 --to CP-20261122-002", "writes"),
    "case monthly": Case("--month 2026-11", "reads", "part"),
    "case overdue": Case("", "reads", "id"),
    "case pareto": Case("", "reads", "count"),
    "case pause": Case("CP-20261122-003 --until 5d --party x --reason x", "writes"),
    "case pay": Case("CP-20261122-005", "writes"),
    "case promise": Case("CP-20261122-001 --due 4h --text x", "writes"),
    "case reject": Case("CP-20261122-001 --reason x --text x", "writes"),
    "case reopen": Case("CP-20261122-005 --reason x", "writes"),
    "case repeat": Case("--every", "reads"),
    "case reply": Case("CP-20261122-001 --text x", "writes"),
    "case resolve": Case("CP-20261122-003 --solution x", "writes"),
    "case resume": Case("CP-20261122-004", "writes"),
    "case return": Case("CP-20261122-002 --reason x", "writes"),
    "case sla": Case("CP-20261122-003", "reads", "clock"),
    "case start": Case("CP-20261122-002", "writes"),
    "case stats": Case("--by category", "reads", "count"),
    "case summary": Case("", "reads"),
    "case supervise": Case("CP-20261122-001", "writes"),
    "case track": Case("CP-20261122-003", "reads", "what"),
    "case trend": Case("", "reads", "value"),
    "completion": Case("bash", "tells"),
    "config get": Case("zone", "reads", ""),
    "config list": Case("", "reads", "name"),
    "config set": Case("zone Europe/Berlin", "writes"),
    "config unset": Case("zone", "writes"),
    "customer close": Case("C-000001 --yes", "writes"),
    "customer copy": Case("C-000002", "reads", "value"),
    "customer duplicates": Case("", "reads", "why"),
    "customer handover": Case("--from S-001 --to S-002", "writes"),
    "customer ledger open": Case("", "reads", "outstanding"),
    "customer ledger pay": Case("FE-000001 1.50", "writes"),
    "customer lost": Case("--days 1", "reads", "days"),
    "customer rank": Case("--period 2026-01", "reads", "rank"),
    "customer timeline": Case("C-000002", "reads", "what"),
    "data adopt": Case("", "alone"),
    "data backup": Case("saved.tar", "alone"),
    "data compact": Case("--yes", "alone"),
    "data copy": Case("fresh", "alone"),
    "data info": Case("", "reads"),
    "data init": Case("fresh", "alone"),
    "data migrate": Case("", "alone"),
    "data restore": Case("october.tar --yes", "alone"),
    "data settle": Case("", "alone"),
    "data verify": Case("", "reads"),
    "delivery cancel": Case("DV-000001 --reason x", "writes"),
    "delivery confirm": Case("DV-000001", "writes"),
    "delivery deliver": Case("DV-000001", "writes"),
    "delivery flow": Case("", "reads", "state"),
    "delivery maintained": Case("DV-000002", "writes"),
    "delivery message": Case("DV-000001 --firm x --phone 400", "tells"),
    "delivery plan": Case("--period 2026-12", "reads", "id"),
    "delivery script": Case("DV-000001 --firm x", "tells"),
    "demo": Case("--dir shown", "alone"),
    "dispatch cancel": Case("DP-000002 --reason x", "writes"),
    "dispatch close": Case("DP-000001 --result x", "writes"),
    "dispatch flow": Case("", "reads", "state"),
    "dispatch handover new": Case("late --to S-012 --engineer S-008", "writes"),
    "dispatch handover sign": Case("DH-0001 --user S-009", "writes"),
    "dispatch overlaps": Case("", "reads", "first"),
    "dispatch propose": Case("RQ-000001", "reads", "request"),
    "dispatch start": Case("DP-000001", "writes"),
    "fact list": Case("", "reads", "name"),
    "fact show": Case("customer C-000002", "reads"),
    "grade changes": Case("--since 2026-01-01", "reads", "customer"),
    "grade check": Case("order-volume", "reads", "kind"),
    "grade due": Case("", "reads"),
    "grade entitlements": Case("C-000002", "reads"),
    "grade explain": Case("C-000002 --scheme order-volume", "reads", "part"),
    "grade matrix": Case("order-volume", "reads", "grade"),
    "grade review": Case("--pending", "reads", "id"),
    "grade run": Case("--scheme transaction", "writes"),
    "grade schemes": Case("", "reads", "scheme"),
    "grade set": Case("C-000002 order-volume A --reason signed", "writes"),
    "grade show": Case("C-000002", "reads", "scheme"),
    "followup done": Case("FU-000001", "writes"),
    "followup due": Case("--until 2027-01-01", "reads", "id"),
    "help": Case("", "reads", "topic"),
    "log": Case("", "reads", "entry"),
    "part issue": Case("SP-0002=2 --job DP-000001", "writes"),
    "part low": Case("", "reads", "id"),
    "part receive": Case("SP-0002=20", "writes"),
    "part return": Case("SP-0002 --job DP-000001", "writes"),
    "part stocktake": Case("SP-0002=18 --reason x", "writes"),
    "plugins check": Case("acme", "reads"),
    "notice agree": Case("SN-000006", "writes"),
    "notice approve": Case("SN-000002 --user lead", "writes"),
    "notice close": Case("SN-000008", "writes"),
    "notice decline": Case("SN-000006 --reason x", "writes"),
    "notice delivered": Case("SN-000003 --at 2026-10-22T10:00", "writes"),
    "notice flow": Case("SN-000005", "reads", "what"),
    "notice invoice": Case("SN-000008", "writes"),
    "notice logistics": Case("SN-000003", "writes"),
    "notice open-case": Case("SN-000003", "writes"),
    "notice parts": Case("SN-000005 --part SP-0002=1", "writes"),
    "notice perform": Case("SN-000005", "writes"),
    "notice plan": Case("", "reads", "id"),
    "notice postpone": Case("SN-000001 --until 2099-10-26 --reason x", "writes"),
    "notice print": Case("SN-000005", "tells"),
    "notice process": Case("SN-000001", "writes"),
    "notice query": Case("", "reads", "id"),
    "notice quote": Case("SN-000005 --line x=2*35.50", "writes"),
    "notice refuse": Case("SN-000002 --reason x --user lead", "writes"),
    "notice reply": Case("SN-000004 --text x", "writes"),
    "notice return-to-maker": Case("SN-000003 --maker x", "writes"),
    "notice send": Case("SN-000005 --to-address logistics@example.com", "tells"),
    "notice sign-off": Case("SN-000007 --by x", "writes"),
    "notice site-survey": Case("SN-000001", "writes"),
    "plugins list": Case("", "reads", "name"),
    "plugins new": Case("acme2", "alone"),
    "plugins rules list": Case("", "reads"),
    "plugins rules show": Case("acme-checklists service", "reads"),
    "property audit conclude": Case("PA-0001 --passed --text x", "writes"),
    "property audit find": Case("PA-0001 --text x", "writes"),
    "property audit results": Case("", "reads", "audits"),
    "property check items": Case("CK-0001", "reads", "item"),
    "property check new": Case("PJ-001 --standard commercial --seed 1 --items 3", "writes"),
    "property check record": Case("CK-0001 --rest-ok", "writes"),
    "property check trend": Case("", "reads", "score"),
    "property event flow": Case("", "reads", "state"),
    "property event move": Case("PE-0001 --to coordinating", "writes"),
    "property event note": Case("PE-0001 --text x", "writes"),
    "property event overdue": Case("", "reads", "days"),
    "property invoice pay": Case("PI-000001 1.50", "writes"),
    "property invoice remind": Case("", "writes"),
    "property invoice run": Case("--month 2026-11", "writes"),
    "property mapping-fee": Case("--residential 12000 --other 800", "reads", "amount"),
    "property matter blocked": Case("", "reads", "step"),
    "property matter cancel": Case("MT-00001 --reason x", "writes"),
    "property matter course": Case("MT-00001", "reads", "step"),
    "property matter open": Case("delivery --project PJ-001", "writes"),
    "property matter overdue": Case("", "reads", "step"),
    "property matter procedures": Case("", "reads", "step"),
    "property matter receive": Case("MT-00001 plan-set", "writes"),
    "property matter step": Case("MT-00001 plans --document plan-set", "writes"),
    "property patrol find": Case("PP-0001 --text x", "writes"),
    "property project building": Case("PJ-001 --name 1# --floors 31", "writes"),
    "property project timeline": Case("PJ-002", "reads", "what"),
    "property rank": Case("", "reads", "project"),
    "property rectification done": Case("RC-0001", "writes"),
    "property rectification flow": Case("", "reads", "state"),
    "property rectification late": Case("", "reads", "hours"),
    "property rectification return": Case("RC-0002 --reason x", "writes"),
    "property rectification verify": Case("RC-0002", "writes"),
    "property rectification withdraw": Case("RC-0001 --reason x", "writes"),
    "property reduction check": Case("FR-00001 --user zhang", "writes"),
    "property reduction confirm": Case("FR-00002 --user wang", "writes"),
    "property reduction file": Case("FR-00004 --as box", "writes"),
    "property reduction flow": Case("", "reads", "state"),
    "property reduction pass": Case("FR-00003 --to x", "writes"),
    "property reduction refuse": Case("FR-00001 --reason x", "writes"),
    "property sale flow": Case("", "reads", "state"),
    "property sale move": Case("subscribe PS-00001", "writes"),
    "property sale reconcile": Case("sales.csv more-sales.csv", "reads", "room"),
    "property sale remind": Case("PS-00002", "writes"),
    "property sale reminders": Case("", "reads", "room"),
    "property sale returned": Case("--period 2026-09", "reads", "room"),
    "property sale special": Case("PS-00001 --issue x", "writes"),
    "property sale track": Case("PS-00002", "reads", "what"),
    "property settle approve": Case("ST-00003 --user wang", "writes"),
    "property settle cancel": Case("ST-00001", "writes"),
    "property settle check": Case("ST-00002 --user zhang", "writes"),
    "property settle flow": Case("", "reads", "state"),
    "property settle line": Case("ST-00001 --adjust x=-1.50", "writes"),
    "property settle new": Case("PJ-001 --item x --period 2025-03 --fee x=1.20*100*1", "writes"),
    "property settle owed": Case("", "reads", "outstanding"),
    "property settle pay": Case("ST-00004 --amount 1000", "writes"),
    "property settle print": Case("ST-00004", "tells"),
    "property settle return": Case("ST-00002 --reason x", "writes"),
    "property settle revise": Case("ST-00005", "writes"),
    "property settle show": Case("ST-00001", "reads", "amount"),
    "property settle submit": Case("ST-00001", "writes"),
    "property standard list": Case("", "reads", "name"),
    "property standard show": Case("residential", "reads", "item"),
    "property taxes": Case("--price 1000000 --area 89.5", "reads", "amount"),
    "property tenant arrears": Case("", "reads", "tenant"),
    "property tenant figures": Case("--period 2026-Q4", "reads", "project"),
    "property tenant handover": Case("PT-0002", "reads", "item"),
    "property tenant move-in": Case("PT-0001 --item power_meter=1 --item water_meter=1 --rest-ok", "writes"),
    "property tenant move-out": Case("PT-0002 --item power_meter=9 --item water_meter=9 --rest-ok", "writes"),
    "repair cancel": Case("RP-000001 --reason x", "writes"),
    "repair faults": Case("", "reads", "repairs"),
    "repair finish": Case("RP-000003 --cause x --part SP-0002", "writes"),
    "repair flow": Case("", "reads", "state"),
    "repair monthly": Case("", "reads", "jobs"),
    "repair parts": Case("RP-000003 SP-0002=2", "writes"),
    "repair rework": Case("RP-000002 --reason x", "writes"),
    "repair sign-off": Case("RP-000002", "writes"),
    "repair start": Case("RP-000001", "writes"),
    "report": Case("--month 2026-11", "reads", "figure"),
    "request cancel": Case("RQ-000001", "writes"),
    "return approve": Case("RT-000001 --user S-002", "writes"),
    "return cancel": Case("RT-000001 --reason x", "writes"),
    "return flow": Case("", "reads", "state"),
    "return receive": Case("RT-000002", "writes"),
    "return refuse": Case("RT-000001 --reason x --user S-002", "writes"),
    "return settle": Case("RT-000003 --refund 12.80", "writes"),
    "return summary": Case("", "reads", "asked"),
    "service-record missing": Case("", "reads", "dispatch"),
    "service-record stats": Case("", "reads", "services"),
    "staff apply": Case("--quarter 2026-Q2 --user S-003", "writes"),
    "staff card": Case("S-002 --month 2026-09", "reads", "indicator"),
    "staff confirm": Case("S-002 --quarter 2026-Q3 --user S-003", "writes"),
    "staff erase": Case("S-004 --yes", "writes"),
    "staff exam draw": Case("Products --questions 2 --seed 7", "writes"),
    "staff exam items": Case("EX-0001", "reads", "number"),
    "staff exam mark": Case("EX-0001 sheets.csv", "writes"),
    "staff exam paper": Case("EX-0001", "tells"),
    "staff facts": Case("S-002 --month 2026-09", "reads", "fact"),
    "staff headcount": Case("", "reads", "actual"),
    "staff organisation list": Case("", "reads", "name"),
    "staff organisation show": Case("typical-team", "reads", "code"),
    "staff organisation use": Case("food-brand", "writes"),
    "staff pay": Case("--month 2026-09", "reads", "staff"),
    "staff penalty confirm": Case("PN-00001 --user lead", "writes"),
    "staff penalty refuse": Case("PN-00001 --user lead", "writes"),
    "staff rank": Case("--quarter 2026-Q3", "reads", "staff"),
    "staff review": Case("--quarter 2026-Q1 --user lead", "writes"),
    "staff reward confirm": Case("RW-00001 --user lead", "writes"),
    "staff reward refuse": Case("RW-00001 --user lead", "writes"),
    "staff score": Case("--month 2026-10", "writes"),
    "staff target report": Case("", "reads", "id"),
    "staff timeline": Case("S-001", "reads", "what"),
    "staff training needs": Case("", "reads", "topic"),
    "staff training report": Case("TC-0002", "reads", "what"),
    "staff trend": Case("S-002", "reads", "month"),
    "staff tree": Case("", "reads", "id"),
    "today": Case("--until 2099-12-31", "reads", "what"),
    "survey ask": Case("SR-0001", "writes"),
    "survey check": Case("our-survey.toml", "tells"),
    "survey compare": Case("SR-0001 SR-0002", "reads", "what"),
    "survey drivers": Case("SR-0002", "reads", "question"),
    "survey form": Case("repair", "tells"),
    "survey import": Case("SR-0001 answers.csv", "writes"),
    "survey low": Case("SR-0002 --below 100", "reads", "id"),
    "survey missed": Case("SR-0001 SA-000001 --refused", "writes"),
    "survey new": Case("overall --population customer", "writes"),
    "survey nonresponse": Case("SR-0001", "reads", "sampled"),
    "survey questionnaires": Case("", "reads", "name"),
    "survey report": Case("SR-0002", "tells"),
    "survey sample": Case("SR-0001", "reads", "id"),
    "survey score": Case("SR-0002", "reads", "what"),
    "survey show": Case("repair", "reads", "code"),
    "survey trend": Case("overall", "reads", "round"),
    "undo": Case("--yes", "writes"),
}
VERBS = {
    "add": Case("{add}", "writes"),
    "count": Case("", "reads"),
    "export": Case("", "reads", "id"),
    "import": Case("more-{plural}.csv", "writes"),
    "list": Case("", "reads", "id"),
    "merge": Case("{first} {second} --yes", "writes"),
    "remove": Case("{last} --yes", "writes"),
    "schema": Case("", "reads"),
    "set": Case("{first} key=K-7", "writes"),
    "show": Case("{second}", "reads", "id"),
}
ADDED = {"customer": "Zhang", "customer order": "C-000001 --date 2026-11-22", "acme machine": ""}
ADDED |= {f"customer {noun}": "C-000001" for noun in ("activity", "opportunity", "unit")}
ADDED |= {"customer contact": "C-000001 --name Li", "customer ledger": "C-000001 --item fee --amount 9.50"}
ADDED["followup"] = "Call --due 2026-12-01"
ADDED["acme machine"] = "X-9 --customer C-000001 --installed 2026-11-22"
ADDED["grade gift"] = "C-000001 --gift flowers --on 2026-11-22"
ADDED |= {"staff": "Zhang", "staff position": "Clerk", "staff course": "Greeting --on 2026-11-22"}
ADDED |= {f"staff {noun}": "S-001 --what x" for noun in ("reward", "penalty")}
ADDED["staff target"] = "calls --period 2026-11 --plan 5 --group A"
ADDED["staff attendance"] = "S-001 --month 2026-11 --days-due 20 --days-present 20"
ADDED |= {"staff training": "TC-0001 --staff S-001", "staff need": "S-001 --topic greeting"}
ADDED["staff question"] = "Which? --a one --b two --answer A"
ADDED |= {"case": "leak --category leaks", "complaint": "noise --phone 13812340577"}
ADDED |= {"property company": "Acme", "property project": "Park", "property event": "lift"}
ADDED |= {"property rectification": "crack --project PJ-001", "property patrol": "PJ-001"}
ADDED |= {"property audit": "PJ-001 --topic logs --on 2026-11-20", "property tenant": "Li --project PJ-001"}
ADDED["property reduction"] = "discount --project PJ-001 --amount 120"
ADDED["property sale"] = "9-901 --project PJ-001 --customer C-000001 --price 1200000"
ADDED |= {"call shift": "S-001 --on 2027-01-01 --shift early", "call absence": "S-001 --first 2027-01-01"}
ADDED |= {"call qa measure": "x", "call coaching": "S-002", "call analysis": "x"}
ADDED |= {"call": "leak", "call visitor": "visit", "call equipment": "Headset"}
ADDED["call plan"] = "Delivery --due 2026-12-01"
ADDED["notice"] = "loose --type Z2"
ADDED |= {"request": "leak", "dispatch": "RQ-000001 --engineer S-008", "repair": "noisy", "part": "seal"}
ADDED |= {
    "service-record": "DP-000001 --what x",
    "return": "filter",
    "delivery": "C-000001 --at 2026-12-03T14:00",
}
ADDED["property mediation"] = "PT-0002 --other Li --subject noise --on 2026-11-11"


def case(path: str) -> Case:
    """Return how a command is called, with the sample's ids."""
    leaf = TREE.leaves[path]
    if leaf.record_type is None:
        return CASES[leaf.like or path]
    made = VERBS[leaf.verb]
    words = {"first": 1, "second": 2, "last": 3}
    ids = {name: numbering.sample(leaf.record_type, place) for name, place in words.items()}
    plural, added = leaf.record_type.plural.replace(" ", "-"), ADDED.get(leaf.record_type.command, "")
    return made._replace(words=made.words.format(**ids, plural=plural, add=added))


def known(path: str) -> bool:
    """Tell whether a command is in the tables above."""
    leaf = TREE.leaves[path]
    return leaf.verb in VERBS if leaf.record_type is not None else (leaf.like or path) in CASES


WALKED = {
    *("customer", "customer order", "case", "grade", "survey round", "followup", "staff", "staff scorecard"),
    *("property company", "property settle", "notice", "repair", "call", "call shift", "acme machine"),
}
"""Nouns whose verbs are tried in every way. Those of others are the same code again: their examples run."""
LEAVES = [
    path
    for path, leaf in TREE.leaves.items()
    if known(path) and not leaf.like and (leaf.record_type is None or leaf.record_type.command in WALKED)
]
"""Every command, once: those of a narrower noun are the same ones again."""
READING = [path for path in LEAVES if case(path).kind == "reads"]
WRITING = [path for path in LEAVES if case(path).kind == "writes"]
GROUPS = sorted(
    {" ".join(path.split(" ")[:end]) for path in TREE.leaves for end in range(path.count(" ") + 1)}
)

SAMPLE = (
    "config set zone Asia/Shanghai",
    "customer add 张三 --region 华东 --phone 13812340577",
    "customer add '李四, \"Li\"' --note 'two\nlines\u2028and more'",
    "customer add Acme --region 华北 --owner S-001 --phone 13812340577",
    "customer order add C-000002 --date 2026-01-05 --amount 12.50",
    "customer order add C-000002 --date 2026-02-05 --product CD",
    "customer order add C-000002 --date 2026-03-05",
    *(
        f"customer {line}"
        for line in (
            "contact add C-000002 --name 王 --phone 13812340599",
            "opportunity add C-000002 --subject 'two\nlines' --expected-close 2026-12-01",
            "activity add C-000002 --at 2026-02-05T10:00 --result 'two\nlines' --next-on 2026-03-01",
            "ledger add C-000002 --item fee --amount 100 --due 2026-03-01",
            "unit add C-000002 --product CD --bought 2026-02-05",
        )
        for _time in range(3)
    ),
    "acme machine add M-1 --customer C-000002 --installed 2025-11-10",
    "acme machine add M-2 --customer C-000002 --installed 2025-12-10",
    "acme machine add M-3 --customer C-000002 --installed 2026-01-10",
    "grade set C-000002 order-volume B --reason sample",
    "grade gift add C-000002 --gift flowers --on 2026-01-10",
    "grade gift add C-000002 --gift pillow --on 2026-02-10",
    "grade gift add C-000002 --gift sticker --on 2026-03-10",
    "survey new overall --population customer --where 'id == \"C-000002\"' --seed 1",
    "survey new overall --population customer --where 'id == \"C-000002\"' --seed 2",
    "survey import SR-0002 answers.csv",
    *(f"followup add Call --customer C-000002 --due 2026-12-0{day}" for day in (1, 2, 3)),
    "followup export --out follow-ups.csv",
    "customer export --out customers.csv",
    "customer order export --out orders.csv",
    "acme machine export --out machines.csv",
    "customer contact export --out contacts.csv",
    "customer opportunity export --out opportunities.csv",
    "customer activity export --out activities.csv",
    "customer ledger export --out ledger-entries.csv",
    "customer unit export --out units.csv",
    "grade gift export --out gifts.csv",
    *(f"case add 漏水 --phone 13812340577 --received-at 2026-11-22T09:0{minute}" for minute in range(5)),
    "case add 停电 --people 12 --received-at 2026-11-22T10:00",
    "case assign CP-20261122-002 CP-20261122-003 CP-20261122-004 --to repair",
    "case start CP-20261122-003",
    "case promise CP-20261122-003 --due 4h --text 回电",
    "case extend CP-20261122-003 --until 20d --reason 配件",
    "case reply CP-20261122-005 --text 已处理",
    "case compensate CP-20261122-005 --amount 100",
    "case approve CP-20261122-005 --user lead",
    "case pause CP-20261122-004 --until 5d --party 客户 --reason 外出",
    "case export --out cases.csv",
    "complaint export --out complaints.csv",
    *("property company add 晨屿物业 --phone 13812340577" for _time in range(3)),
    *("property project add '晨屿\n花园' --residential-area 12000" for _time in range(3)),
    "property check new PJ-002 --standard residential --on 2026-10-20",
    *("property check new PJ-002 --standard commercial --items 5 --seed 1" for _time in range(2)),
    "property check record CK-0002 --rest-ok",
    *("property rectification add 漏水 --project PJ-002 --due 2026-10-01" for _time in range(3)),
    "property rectification done RC-0002 --user S-009",
    *("property event add 电梯 --project PJ-002 --due 2026-10-01" for _time in range(3)),
    *("property audit add PJ-002 --topic 台账 --on 2026-10-20" for _time in range(3)),
    *("property patrol add PJ-002 --seen 'two\nlines'" for _time in range(3)),
    *("property tenant add 晨屿 --project PJ-002 --rent 900 --customer C-000002" for _time in range(3)),
    "property tenant move-in PT-0002 --on 2026-08-01 --item power_meter=1 --item water_meter=1 --rest-ok",
    *(
        f"property invoice run --month 2026-{month} --now 2026-{month}-01T09:00"
        for month in ("08", "09", "10")
    ),
    *("property mediation add PT-0002 --other 李四 --subject 噪音 --on 2026-10-10" for _time in range(3)),
    *(
        f"property settle new PJ-002 --item 'two\nlines' --period 2026-0{month} --fee x=2000 --fee y=1.2*9*1"
        for month in (1, 2, 3, 4, 5)
    ),
    "property settle submit ST-00002 ST-00003 ST-00004 ST-00005",
    "property settle check ST-00003 ST-00004 ST-00005 --user zhang",
    "property settle approve ST-00004 --user wang",
    "property settle return ST-00005 --reason x --user wang",
    *("property reduction add '春节\n优惠' --project PJ-002 --amount 120 --user a" for _time in range(4)),
    "property reduction check FR-00002 FR-00003 FR-00004 --user b",
    "property reduction confirm FR-00003 FR-00004 --user c",
    "property reduction pass FR-00004 --to x",
    "property matter open presale --project PJ-002 --now 2026-09-01T09:00",
    "property matter open delivery --project PJ-002",
    "property matter open move-in --project PJ-002",
    *(
        f"property sale add '1-10{room}\n' --project PJ-002 --customer C-000002 --price 1200000 "
        "--now 2026-09-01T09:00"
        for room in (1, 2, 3)
    ),
    "property sale move subscribe PS-00002 PS-00003 --now 2026-09-02T09:00",
    "property sale move return PS-00003 --text x --now 2026-09-03T09:00",
    *(
        f"property {noun} export --out {file}.csv"
        for noun, file in (
            ("company", "property-companies"),
            ("project", "projects"),
            ("rectification", "rectifications"),
            ("event", "liaison-events"),
            ("audit", "audits"),
            ("patrol", "patrols"),
            ("tenant", "tenants"),
            ("mediation", "mediations"),
            ("reduction", "reductions"),
            ("sale", "sales"),
        )
    ),
    *("call plan add Delivery --due 2026-12-01 --customer C-000002" for _time in range(3)),
    *("call equipment add Headset --quantity 4" for _time in range(3)),
    *("call visitor add '看\n房' --at 2026-11-22T09:00 --phone 13812340577" for _time in range(3)),
    *("call add 'two\nlines' --at 2026-11-22T09:00 --number 13812340577" for _time in range(3)),
    "call add 漏水 --at 2026-11-22T10:00 --queue complaint --customer C-000002",
    "call export --out calls.csv",
    "call visitor export --out visitors.csv",
    "call plan export --out planned-interviews.csv",
    "call equipment export --out equipment.csv",
    *("staff position add Clerk" for _time in range(3)),
    "staff add 张三 --hired 2026-01-05 --phone 13812340577 --base-pay 1500",
    "staff add 李四 --position PO-002",
    "staff add 王五",
    "staff add 赵六 --hired 2026-01-05 --left 2026-03-31 --state left",
    *(f"staff course add {title} --on 2026-10-22 --topic greeting" for title in "ABCD"),
    *(f"staff training add TC-000{number} --staff S-002 --after 80" for number in (2, 3, 4)),
    *(f"staff attendance add S-002 --month 2026-0{n} --days-due 20 --days-present 19" for n in (7, 8, 9)),
    *("staff need add S-002 --topic greeting" for _time in range(3)),
    *("staff target add staff.late --period 2026-09 --plan 3 --staff S-002" for _time in range(3)),
    *(f"staff {noun} add S-002 --what x" for noun in ("reward", "penalty") for _time in range(3)),
    *("staff question add Which? --a one --b two --answer A" for _time in range(3)),
    "staff exam draw Greeting --questions 2 --seed 7",
    "staff exam draw Products --questions 2 --seed 8",
    "staff exam mark EX-0001 first-sheets.csv",
    "staff exam mark EX-0002 first-sheets.csv",
    "staff position set PO-002 scheme=representative ladder=representative",
    "staff set S-002 position=PO-002 rank=ordinary-senior",
    *(
        f"staff {line}"
        for month in range(4, 10)
        for line in (
            f"score --month 2026-0{month} --enter figures-{month}.csv --user lead",
            f"confirm S-002 --month 2026-0{month} --user S-003",
        )
    ),
    *(f"staff review --quarter 2026-Q{quarter} --user lead" for quarter in (2, 3)),
    "staff confirm S-002 --quarter 2026-Q2 --user S-003",
    "staff export --out staff.csv",
    *(f"staff {noun} export --out {noun}s.csv" for noun in ("position", "course", "question", "target")),
    *(f"staff {noun} export --out {noun}-records.csv" for noun in ("training", "attendance")),
    "staff need export --out training-needs.csv",
    "staff reward export --out rewards.csv",
    "staff penalty export --out penalties.csv",
    *(f"call add x --staff S-002 --talking 60 --at 2026-11-22T1{hour}:00" for hour in (1, 2, 3)),
    "staff position add Inspector --id CC-QA",
    "staff add 质检 --position CC-QA",
    "call shift plan --from 2027-02-01 --to 2027-02-06 --staff S-001 --staff S-002 --staff S-003",
    *(f"call absence add S-00{person} --first 2027-02-04" for person in (1, 2, 3)),
    *(
        f"call handover --shift early --on 2026-11-2{day} --note 'two\nlines' --user S-001"
        for day in (1, 2, 3)
    ),
    *(f"call add x --staff S-002 --talking 60 --at 2026-{month}-22T10:00" for month in ("08", "09", "10")),
    *(f"call qa sample --month 2026-{month} --seed 1" for month in ("08", "09", "10")),
    "call qa score CL-20261122-006 --rest-ok --user S-003",
    "call qa score CL-20261122-006 --item 'words=2:two\nlines' --rest-ok --user S-001",
    "call qa score CL-20261122-005 --rest-ok --user S-001",
    *("call qa measure add 'two\nlines' --item listening" for _time in range(3)),
    *("call coaching add S-002 --topic 'two\nlines'" for _time in range(3)),
    *("call analysis add 'two\nlines'" for _time in range(3)),
    *(
        f"call {noun} export --out {file}.csv"
        for noun, file in (
            ("shift", "shifts"),
            ("absence", "absences"),
            ("qa measure", "measures"),
            ("coaching", "coaching-notes"),
            ("analysis", "case-analyses"),
        )
    ),
    *("notice add '活动柜\n锁坏' --type Z1 --payment paid --demand chargeable" for _time in range(2)),
    "notice add 少发 --type Z2 --payment unpaid --customer C-000002",
    *(
        "notice add 锁坏 --type Z1 --payment paid --demand chargeable --customer C-000002"
        for _time in range(7)
    ),
    "notice site-survey SN-000002 SN-000004 --head-office",
    "notice approve SN-000004 --user lead",
    "notice logistics SN-000004",
    "notice site-survey SN-000005 SN-000006 SN-000007 SN-000008 SN-000009 SN-000010",
    "notice quote SN-000006 SN-000008 SN-000009 SN-000010 --line 'two\nlines=80'",
    "notice agree SN-000008 SN-000009 SN-000010",
    "notice perform SN-000007 SN-000008 SN-000009 SN-000010",
    "notice sign-off SN-000008 SN-000009 SN-000010 --by 王",
    "notice invoice SN-000009 SN-000010",
    "notice export --out service-notices.csv",
    *(f"part add 滤芯{number} --minimum 5 --price 35.50" for number in range(3)),
    "part receive SP-0002=30 --reason '采购\n入库'",
    *("request add '不出\n水' --customer C-000002 --product 净水器" for _time in range(3)),
    *(
        f"dispatch add RQ-000002 --engineer {engineer} --at 2026-12-02T09:00"
        for engineer in ("S-008", "S-008", "S-008", "S-004", "S-005", "S-006", "S-007")
    ),
    "dispatch start DP-000006 DP-000007",
    "dispatch close DP-000007 --result x",
    "part issue SP-0002=1 --job DP-000001",
    *(f"service-record add DP-000007 --what '更\n换' --hours {number}" for number in range(3)),
    *(f"dispatch handover new 白班 --to S-009 --engineer S-00{number}" for number in (4, 5, 6)),
    "repair add '噪\n音' --customer C-000002 --product 净水器 --serial SN-1 --bought 2026-01-02",
    *("repair add 噪音 --customer C-000002 --product 净水器 --phone 13812340577" for _time in range(2)),
    "repair start RP-000002 RP-000003 --engineer S-008",
    "repair finish RP-000002 --cause x --hours 1.5 --part SP-0002=2",
    *("return add '净水\n器' --customer C-000002 --cause 噪音" for _time in range(3)),
    "return approve RT-000002 RT-000003 --user S-002",
    "return receive RT-000003",
    *("delivery add C-000002 --goods '餐\n桌' --at 2026-12-03T14:00" for _time in range(3)),
    "delivery deliver DV-000002",
    *(f"{noun} export --out {noun}s.csv" for noun in ("repair", "return", "service-record")),
    "request export --out service-requests.csv",
    "dispatch export --out work-orders.csv",
    "part export --out spare-parts.csv",
    "delivery export --out deliveries.csv",
    "data backup october.tar",
)


MORE = {
    "shifts": "staff,on,shift\nS-001,2027-01-01,early\n",
    "absences": "staff,first\nS-001,2027-01-01\n",
    "measures": "what,item\nlisten,listening\n",
    "coaching-notes": "staff,topic\nS-002,listen\n",
    "case-analyses": "title,kind\nlisten,good\n",
    "customers": "name,phone\n王五,13812340588\n",
    "orders": "customer,date\nC-000001,2026-04-04\n",
    "contacts": "customer,name\nC-000001,李四\n",
    "opportunities": "customer,need\nC-000001,obvious\n",
    "activities": "customer,at\nC-000001,2026-04-04T10:00\n",
    "ledger-entries": "customer,item,amount\nC-000001,fee,3.50\n",
    "units": "customer,product\nC-000001,CD\n",
    "cases": "content,received_at\n噪音,2026-11-20\n",
    "complaints": "content,received_at\n噪音,2026-11-20\n",
    "follow-ups": "subject,due\nCall,2026-12-09\n",
    "machines": "serial,customer,installed\nM-4,C-000001,2026-02-02\n",
    "staff": "name,position\n赵六,PO-001\n",
    "positions": "title,superior\nHead,PO-001\n",
    "courses": "title,on\nNew,2026-11-01\n",
    "training-records": "course,staff\nTC-0001,S-001\n",
    "attendance-records": "staff,month,days_due,days_present\nS-001,2026-10,20,20\n",
    "training-needs": "staff,topic\nS-001,tools\n",
    "targets": "measure,period,plan,group\ncalls,2026-10,5,A\n",
    "rewards": "staff,what\nS-001,helped\n",
    "penalties": "staff,what\nS-001,late\n",
    "questions": "text,a,b,answer\nWhich?,one,two,B\n",
    "calls": "purpose,at\n问价,2026-11-20T09:00\n",
    "visitors": "purpose,at\n看房,2026-11-20T09:00\n",
    "planned-interviews": "subject,due\nDelivery,2026-12-09\n",
    "equipment": "name\nHeadset\n",
    "gifts": "customer,gift,on\nC-000001,flowers,2026-02-02\n",
    "property-companies": "name\n甲物业\n",
    "projects": "name\n乙花园\n",
    "rectifications": "finding,project\n裂缝,PJ-001\n",
    "liaison-events": "title\n停水\n",
    "audits": "project,on,topic\nPJ-001,2026-11-20,台账\n",
    "patrols": "project\nPJ-001\n",
    "tenants": "name,project\n丙公司,PJ-001\n",
    "reductions": "content,project,amount\n优惠,PJ-001,5\n",
    "sales": "room,project,customer,price\n2-201,PJ-001,C-000001,5\n",
    "service-notices": "description,type\n桌脚松动,Z2\n",
    "service-requests": "subject,customer\n漏水,C-000001\n",
    "work-orders": "request,engineer\nRQ-000001,S-008\n",
    "service-records": "dispatch,what\nDP-000001,更换\n",
    "repairs": "fault,customer\n漏水,C-000001\n",
    "returns": "product,customer\n净水器,C-000001\n",
    "spare-parts": "name,stock\n密封圈,5\n",
    "deliveries": "customer,at\nC-000001,2026-12-04T10:00\n",
    "mediations": "tenant,other,subject,on\nPT-0002,王五,噪音,2026-11-11\n",
}


NAMED = {
    "holidays-2027.csv": "date,work,name\n2027-02-08,off,春节\n",
    "helpdesk.csv": "case,activity,time\nT-1,opened,2026-11-22T09:00\nT-1,closed,2026-11-22T10:00\n",
    "helpdesk.toml": 'source = "old"\ncolumns = { case = "case", activity = "activity", time = "time" }\n'
    'activities = { opened = "registered", closed = "closed" }\n',
}
"""Files that examples name, and what is in them."""
TAXES = """replaces = "standard"
mapping = { residential = 1.36, other = 1.50 }
taxes = [{ label = { en = "Deed tax", zh = "契税" }, percent = 1.5 }]
"""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small department, and the files that examples name, once."""
    place = tmp_path_factory.mktemp("sample")
    sheets = "staff,1,2\n{},A,B\n"
    (place / "first-sheets.csv").write_text(sheets.format("S-002"), encoding="utf-8")
    (place / "sheets.csv").write_text(sheets.format("S-001"), encoding="utf-8")
    for month in range(4, 10):
        days, rate = (",attendance", ",90") if month < 7 else ("", "")  # from July on records tell
        figures = f"staff,followups,satisfaction,handling,training{days}\nS-002,70,80,75,74{rate}\n"
        (place / f"figures-{month}.csv").write_text(figures, encoding="utf-8")
    answers = "who,manner,overall\nC-000002,1,2\n"
    (place / "answers.csv").write_text(answers, encoding="utf-8")
    before = Path.cwd()
    os.chdir(place)
    try:
        for line in SAMPLE:
            done = run(line, data=place / "data", plugins=PLUGINS)
            assert done.exit_code == 0, f"{line}\n{done.stderr}"
    finally:
        os.chdir(before)
    for name, text in MORE.items():
        (place / f"more-{name}.csv").write_text(text, encoding="utf-8")
    for name, text in NAMED.items():
        (place / name).write_text(text, encoding="utf-8")
    shutil.copy(ROOT / "plugins/cskit_surveys/rules/questionnaires/repair.toml", place / "our-survey.toml")
    taxes = place / "data" / "rules" / "property-fees" / "standard.toml"
    taxes.parent.mkdir(parents=True)
    taxes.write_text(TAXES, encoding="utf-8")
    taxes.chmod(0o600)
    (place / "commands.txt").write_text("customer set C-000001 key=K-1\ncustomer add Neu\n", encoding="utf-8")
    return place


Cskit = Callable[..., Result]


@pytest.fixture
def cskit(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cskit:
    """Return a `run` in a copy of the sample department, in which files are named without a path."""
    place = tmp_path / "place"
    shutil.copytree(sample, place)
    monkeypatch.chdir(place)

    def go(line: str, *, input: str | None = None, env: dict[str, str] | None = None) -> Result:
        own = {"XDG_CONFIG_HOME": str(tmp_path / "config"), **(env or {})}
        return run(line, data=place / "data", plugins=PLUGINS, input=input, env=own)

    return go


# --- the tree ----------------------------------------------------------------------------------------------


def test_every_command_has_a_case() -> None:
    """A command that nobody has written a row for is asked for one."""
    missing = sorted(path for path in TREE.leaves if not known(path))
    assert missing == [], "give each a row in CASES (or its verb one in VERBS): what is it, how is it called?"
    assert sorted(set(CASES) - set(TREE.leaves)) == []


def commands() -> Iterator[tuple[str, click.Command, click.Context]]:
    """Yield every command and group with its path."""
    top = root().make_context("cskit", [], obj=App(installed=PLUGINS), resilient_parsing=True)
    waiting = [("", top.command, top)]
    while waiting:
        path, command, ctx = waiting.pop()
        yield path, command, ctx
        if isinstance(command, LazyGroup):
            for name in command.list_commands(ctx):
                part = command.get_command(ctx, name)
                assert part is not None
                inner = part.context_class(part, info_name=name, parent=ctx)
                waiting.append((f"{path} {name}".strip(), part, inner))


def test_options_do_not_clash() -> None:
    """No command has one flag twice, its own and the global ones taken together."""
    for path, command, _ctx in commands():
        flags = [flag for param in command.params for flag in (*param.opts, *param.secondary_opts)]
        flags = [flag for flag in flags if flag.startswith("-")]
        assert len(flags) == len(set(flags)), path


def test_the_first_line_of_a_docstring_is_the_declared_help() -> None:
    """What a group lists is what the command's own help says first."""
    for path, command, _ctx in commands():
        if path in TREE.leaves:
            leaf = TREE.leaves[path]
            declared = leaf.said() if leaf.record_type else leaf.help
            said = (
                vars(command).get("cskit_help") or command.help or ""
            )  # another test may have spoken Chinese
            assert said.strip().split("\n\n")[0].replace("\n", " ") == declared


# --- help --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("path", ["", *GROUPS])
def test_help_is_within_80_columns(path: str, lang: str) -> None:
    """-h and --help exit 0 at every level, say the same, and fit a terminal of 80 columns."""
    short, long = (run(f"{path} {flag}", plugins=PLUGINS, lang=lang) for flag in ("-h", "--help"))
    assert (short.exit_code, short.stderr) == (0, "")
    assert short == long
    examples = False
    for line in short.stdout.splitlines():
        examples = line.strip().rstrip(":：") in ("Example", "示例", "例", "例子") or (
            examples and line.strip()
        )
        assert examples or cells(line) <= 80, line


@pytest.mark.parametrize("path", ["", *GROUPS])
def test_help_on_a_narrow_terminal(path: str) -> None:
    """20 columns make a long page, not a failure."""
    assert run(f"{path} --help", plugins=PLUGINS, env={"COLUMNS": "20"}).exit_code == 0


def example_of(command: click.Command) -> list[str]:
    """Return the command lines in a help's Example block."""
    block = re.search(r"Example:\n((?: *cskit .*\n?)+)", (command.help or "") + "\n")
    return [line.strip() for line in block[1].splitlines()] if block else []


EXAMPLES = {path: example_of(command) for path, command, _ctx in commands() if path in TREE.leaves}
ELSEWHERE = ("demo", "data init")  # they make a folder, as their own tests show


@pytest.mark.parametrize("path", sorted(EXAMPLES))
def test_every_example_runs(cskit: Cskit, path: str) -> None:
    """The example in the help of a command is one that works as it stands."""
    assert EXAMPLES[path], f"{path} has no example in its help"
    for line in EXAMPLES[path]:
        assert line.startswith(f"cskit {path}")
        if path in ELSEWHERE:
            continue
        words = line.removeprefix("cskit ")
        done = cskit(words)
        assert done.exit_code == 0, f"{line}\n{done.stderr}"
        assert "cskit: " not in done.stderr


# --- what is not understood --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", *GROUPS])
def test_an_unknown_option(cskit: Cskit, path: str) -> None:
    """An option that there is not is wrong usage, said on stderr with the nearest one."""
    done = cskit(f"{path} --lock-timout 3")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "cskit: No such option '--lock-timout'. Did you mean '--lock-timeout'?" in done.stderr
    assert done.stderr.startswith(f"Usage: {f'cskit {path}'.strip()} ")
    assert done.stderr.endswith(f"Try '{f'cskit {path}'.strip()} --help' for help.\n")


# --- reading -----------------------------------------------------------------------------------------------

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


NO_TABLE = {path for path in READING if TREE.leaves[path].verb == "export"}
"""Exports write files, and say so where a table is asked for."""


@pytest.mark.parametrize("path", READING)
def test_every_format_in_a_pipe(cskit: Cskit, path: str) -> None:
    """A reading command writes each format there is: parseable, one record a line, without colour."""
    for format in FORMATS:
        target = " --out found.xlsx" if format == "xlsx" else ""
        done = cskit(f"{path} {case(path).words} -o {format}{target}", env={"FORCE_COLOR": "1"})
        if format == "table" and path in NO_TABLE:
            assert (done.exit_code, done.stdout) == (2, "")
            continue
        assert done.exit_code == 0, done.stderr
        allowed = "\t" if format == "tsv" else "\r" if format == "csv" else ""
        assert not set(CONTROL.findall(done.stdout)) - set(allowed), format
        if format == "json":
            json.loads(done.stdout)
        if format == "jsonl":
            for one in done.stdout.splitlines() if "\u2028" not in done.stdout else done.stdout.split("\n"):
                assert not one or json.loads(one) is not None
        if format in ("csv", "tsv"):
            rows = list(csv.reader(io.StringIO(done.stdout), delimiter="\t" if format == "tsv" else ","))
            assert {len(row) for row in rows} == {len(rows[0])}
        if format == "md" and done.stdout:
            assert set(done.stdout.splitlines()[1]) <= set("|:-")
        if format == "xlsx":
            assert zipfile.is_zipfile("found.xlsx")


@pytest.mark.parametrize("path", [path for path in READING if case(path).fields])
def test_fields_and_out(cskit: Cskit, path: str, tmp_path: Path) -> None:
    """--fields chooses, --out writes a file that only its owner can read, and what there is not is said."""
    line, field = f"{path} {case(path).words}", case(path).fields
    rows = cskit(f"{line} --fields {field} -o jsonl")
    assert rows.exit_code == 0, rows.stderr
    assert {key for row in rows.stdout.split("\n") if row for key in json.loads(row)} == {field}
    target = tmp_path / "found.jsonl"
    assert cskit(f"{line} --fields {field} --out {target}")[:2] == (0, "")
    assert target.read_text(encoding="utf-8") == rows.stdout
    assert cskit(f"{line} --fields nosuch")[:2] == (2, "")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return an environment in which `python -m cskit` has the plugins of this test."""
    site = tmp_path_factory.mktemp("site")
    for name, module in PLUGINS.items():
        info = site / f"{module}-0.dist-info"
        info.mkdir()
        (info / "entry_points.txt").write_text(f"[cskit.plugins]\n{name} = {module}\n", encoding="utf-8")
    (site / "cskit-0.dist-info").mkdir()
    here = Path(__file__).parents[1]
    paths = [str(site), str(ACME), str(here), str(here / "plugins")]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CSKIT_")}
    return {**kept, "PYTHONPATH": os.pathsep.join(paths), "LANGUAGE": "en", "PYTHONUTF8": "0"}


CLOSED = """
import os, subprocess, sys
read, write = os.pipe()
os.close(read)
raise SystemExit(subprocess.run([sys.executable, "-m", "cskit", *sys.argv[1:]], stdout=write).returncode)
"""


@pytest.mark.parametrize(
    "path", ["customer list", "customer export", "log", "config list", "help", "data info"]
)
@pytest.mark.parametrize("format", ["table", "json", "jsonl", "csv"])
def test_a_closed_pipe(sample: Path, program: dict[str, str], path: str, format: str) -> None:
    """Who reads may stop reading: exit 0, not a word."""
    words = [*path.split(" "), *(["-o", format] if (path, format) != ("customer export", "table") else [])]
    done = subprocess.run(
        [sys.executable, "-c", CLOSED, *words, "--data", str(sample / "data")],
        env=program,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a full disk is /dev/full's to play")
@pytest.mark.parametrize("path", ["customer list", "customer export", "log", "--help", "--version"])
def test_a_full_disk_on_stdout(sample: Path, program: dict[str, str], path: str) -> None:
    """Output that nobody has got is a failure of storage, in one line."""
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "cskit", *path.split(" "), "--data", str(sample / "data")],
            env=program,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    said = "cskit: the output could not be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (7, said)


@pytest.mark.parametrize("path", READING)
def test_a_reading_command_in_a_batch(cskit: Cskit, path: str) -> None:
    """It reads in the batch's moment and waits for no lock, or it is refused at once; nothing is saved."""
    alone = cskit(f"{path} {case(path).words}")
    done = cskit("batch - --lock-timeout 0", input=f"{path} {case(path).words}\n")
    if "cannot be in a batch" in done.stderr:
        assert (done.exit_code, done.stdout) == (2, "")
    else:
        assert done.exit_code == 0, done.stderr
        assert bool(done.stdout) == bool(alone.stdout)
    assert "in use by" not in done.stderr


# --- writing -----------------------------------------------------------------------------------------------


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return what the files of a folder hold, but for the lock, which holds nothing of anybody's."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "lock"
    }


@pytest.mark.parametrize("path", WRITING)
def test_a_dry_run_changes_nothing(cskit: Cskit, path: str) -> None:
    """--dry-run succeeds where the command would, and leaves every byte as it was."""
    before = bytes_of(Path.cwd())
    done = cskit(f"{path} {case(path).words} --dry-run")
    assert done.exit_code == 0, done.stderr
    assert bytes_of(Path.cwd()) == before
    assert cskit(f"{path} {case(path).words}").exit_code == 0
    assert bytes_of(Path.cwd()) != before


@pytest.mark.parametrize(
    "line",
    [
        "customer remove C-000001",
        "customer order remove O-000001",
        "acme machine remove AM-00001",
        "customer merge C-000001 C-000003",
        "undo",
    ],
)
def test_no_question_without_a_terminal(cskit: Cskit, line: str) -> None:
    """What needs a yes is refused where nobody can be asked, and nothing is changed."""
    before = bytes_of(Path.cwd())
    done = cskit(line)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.endswith("needs a yes, and there is nobody to ask\nsay --yes if you mean it\n")
    assert bytes_of(Path.cwd()) == before


@pytest.mark.parametrize("path", [path for path in READING if path != "data info"])
def test_reading_as_of_today_is_reading(cskit: Cskit, path: str) -> None:
    """Every command that reads looks back as well; as of this second, it finds what there is."""
    now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    line = f"{path} {case(path).words}"
    assert cskit(f"{line} --as-of {now}") == cskit(line)


@pytest.mark.parametrize("path", [path for path in WRITING if not path.startswith("config")])
def test_nothing_is_written_into_the_past(cskit: Cskit, path: str) -> None:
    """Every command that saves records refuses --as-of, and says so, before anything is asked or saved.

    One whose result follows from the records shows it as it was, and saves as little.
    """
    now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    before = bytes_of(Path.cwd())
    done = cskit(f"{path} {case(path).words} --as-of {now}")
    if TREE.leaves[path].computes:
        assert done.exit_code == 0
    else:
        assert (done.exit_code, done.stdout) == (2, "")
        assert "cskit: --as-of only looks back" in done.stderr
    assert bytes_of(Path.cwd()) == before


@pytest.mark.parametrize("path", [path for path in LEAVES if path not in ("demo", "plugins new")])
def test_no_command_asks_in_a_pipe(cskit: Cskit, path: str) -> None:
    """Whatever a command does, it reads no answer from a pipe: neither blocks nor takes it for a yes."""
    done = cskit(f"{path} {case(path).words}".replace(" --yes", ""), input="y\ny\n")
    assert "[y/N]" not in done.stderr
    assert done.exit_code in (0, 2)


# --- terminals ---------------------------------------------------------------------------------------------

HERE: dict[str, Any] = {"data": "data", "plugins": PLUGINS}
NASTY = "\x1b[31m\x07\x9b2J\u202eevil\r\x08"


@pytest.mark.parametrize("path", LEAVES)
def test_arguments_reach_the_terminal_harmless(cskit: Cskit, path: str) -> None:
    """Escape sequences in words and options come back as signs, never raw (whatever the command says)."""
    for words in (
        [NASTY],
        ["--where", NASTY],
        ["--fields", NASTY],
        ["--out", NASTY, "-o", "csv"],
        [f"--{NASTY}"],
    ):
        only = ["acme"] if path == "plugins check" and words != [NASTY] else []  # not all plugins, each time
        line = shlex.join([*path.split(" "), *only, *words])
        done = cskit(line)
        assert not set(done.stdout + done.stderr) & set("\x1b\x07\x9b\u202e\r\x08"), (line, done)


@pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal is POSIX's")
@pytest.mark.parametrize(
    "path", [path for path in READING if path.split(" ")[0] in ("customer", "log", "acme")]
)
def test_stored_text_reaches_the_terminal_harmless(
    sample: Path, tmp_path: Path, program: dict[str, str], path: str
) -> None:
    """Under a pseudo-terminal no escape sequence that was stored is written by any reading command."""
    data = tmp_path / "data"
    shutil.copytree(sample / "data", data)
    words = [*path.split(" "), *shlex.split(case(path).words), "--data", str(data)]
    names = [f"name={NASTY}", f"region={NASTY}", f"note={NASTY}", f"tags={NASTY}"]
    assert run(["customer", "set", "C-000002", *names], data=data, plugins=PLUGINS).exit_code == 0
    shown = on_terminal([sys.executable, "-m", "cskit", *words], program)
    assert not set(shown) & set("\x1b\x07\x9b\u202e\x08"), shown


@pytest.mark.parametrize("path", WRITING)
@pytest.mark.parametrize("rest", ["", " --dry-run", " -o json", " -o md"], ids=["", "dry", "json", "md"])
def test_written_text_reaches_the_terminal_harmless(cskit: Cskit, path: str, rest: str) -> None:
    """What a writing command says of records, files and settings that hold escape sequences obeys none."""
    named = [f"name={NASTY}", f"note={NASTY}", f"key={NASTY}"]
    for ours in ("C-000001", "C-000002", "C-000003"):
        assert run(["customer", "set", ours, *named[: 3 if ours == "C-000002" else 2]], **HERE).exit_code == 0
    assert run(["customer", "set", "C-000003", f"region={NASTY}", "--reason", NASTY], **HERE).exit_code == 0
    Path("commands.txt").write_text(
        shlex.join(["customer", "set", "C-000001", f"region={NASTY}"]).replace("\r", "") + "\n",
        encoding="utf-8",
    )
    for name, text in MORE.items():
        Path(f"more-{name}.csv").write_text(text.replace("M-4", f'"M{NASTY}"'), newline="", encoding="utf-8")
    shown = cskit(f"{path} {case(path).words}{rest}")
    assert shown.exit_code == 0, shown.stderr
    assert not set(shown.stdout + shown.stderr) & set("\x1b\x07\x9b\u202e\r\x08")


def on_terminal(command: list[str], env: dict[str, str], size: tuple[int, int] = (200, 80)) -> str:
    """Run a command on a pseudo-terminal of its own and return all that it wrote there."""
    import pty
    import termios

    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, size)
    settings = {"TERM": "xterm", "NO_COLOR": "1", "CSKIT_PAGER": "cat", **env}
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=settings)
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the terminal is gone with the last who had it
            break
        if not part:
            break
        shown += part
    os.close(ours)
    process.wait()
    return shown.decode().replace("\r\n", "\n")


# --- files -------------------------------------------------------------------------------------------------


OUT = ("out.csv", "out.jsonl", "out.xlsx", "out.problems.xlsx")
MAKING = (
    "customer add X",
    "config set lang en",
    "customer list --out out.csv",
    "log --out out.jsonl",
    "customer export --out out.xlsx",
    "customer import bad.csv --problems out.problems.xlsx",
    "customer close C-000001 --erase --yes",
    "data settle",
    "data compact --yes",
)


@pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX's")
@pytest.mark.parametrize("mask", [0o000, 0o077], ids=["000", "077"])
def test_files_are_their_owners_alone(cskit: Cskit, tmp_path: Path, mask: int) -> None:
    """Whatever the umask, what is made can be read by its owner only: data, settings, --out."""
    before = os.umask(mask)
    try:
        assert run("data init fresh", plugins=PLUGINS).exit_code == 0
        assert oct(Path("fresh/cskit.toml").stat().st_mode & 0o777) == "0o600"
        Path("bad.csv").write_text("name,founded\nx,never\n", encoding="utf-8")
        Path("bad.csv").chmod(0o600)
        for line in MAKING:
            assert run(line, data="fresh", plugins=PLUGINS).exit_code == (5 if "--problems" in line else 0)
        assert cskit("config set --mine lang zh").exit_code == 0
    finally:
        os.umask(before)
    made = [*Path("fresh").rglob("*"), *Path().glob("out.*"), *(tmp_path / "config" / "cskit").iterdir()]
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in made} == {
        name: "0o600"
        for name in ("lock", "customers.json", "cskit.toml", "history.jsonl", "config.toml", *OUT)
    }
    assert oct(Path("fresh").stat().st_mode & 0o777) == "0o700"


@pytest.mark.skipif(os.name != "posix", reason="links are POSIX's")
@pytest.mark.parametrize(
    "name",
    ["cskit.toml.new", "lock", "history.jsonl", "history.jsonl.new", "customers.json", "customers.json.new"],
)
def test_planted_links_lead_nowhere(tmp_path: Path, name: str) -> None:
    """A link that stands where a file of ours belongs is refused or replaced; what it points to stays."""
    victim, data = tmp_path / "victim", tmp_path / "data"
    victim.write_text("precious")
    data.mkdir(mode=0o700)
    (data / name).symlink_to(victim)
    lines = (
        "customer add X",
        "config set zone Asia/Tokyo",
        "customer list",
        "data settle",
        "data compact --yes",
    )
    for line in lines:
        assert run(line, data=data, plugins=PLUGINS).exit_code in (0, 7)
    assert victim.read_text() == "precious"


@pytest.mark.parametrize("format", ["jsonl", "csv"])
@pytest.mark.parametrize("line", ["log", "customer export C-000002"])
def test_one_record_a_line(cskit: Cskit, line: str, format: str) -> None:
    """Whatever a text holds, no line of ours can be forged by it: one record a line, one entry a line."""
    forged = 'x\n{"sequence":99}\r\u2028\x85\x0b\x0cy'
    assert (
        cskit(shlex.join(["customer", "set", "C-000002", f"note={forged}", "--reason", forged])).exit_code
        == 0
    )
    written = cskit(f"{line} -o {format}").stdout
    if format == "jsonl":
        assert all(json.loads(row) for row in written.rstrip("\n").split("\n"))
    else:
        rows = list(csv.reader(io.StringIO(written, newline="")))
        assert {len(row) for row in rows} == {len(rows[0])}
    history = Path("data/history.jsonl").read_bytes().rstrip(b"\n").split(b"\n")
    assert all(json.loads(row) for row in history)
    assert json.loads(cskit("data verify -o json").stdout)

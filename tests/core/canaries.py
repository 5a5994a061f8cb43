"""The lines that `test_canaries` tries every command with, and the values that no line may show.

A command whose lines are none is the core's own verb on records that hold nothing personal, or works on a
place of its own.
"""

from __future__ import annotations

from cskit.app import App

SAMPLES = {
    "phone": "138765401{:02d}",
    "email": "kanarienvogel{:02d}@post.example",
    "address": "上海市浦东新区金丝雀路{:02d}号",
    "identity": "1101011931010199{:02d}",
    "other": "金丝雀饲养员先生{:02d}",
}
CANARIES = ("8765401", "kanarien", "金丝雀", "1931", "87.65")
"""What no output may hold; the last is of scores. A choice shows too often as one of those there are."""
FILES = {  # of customers, each wrong in its own way
    "short.csv": "id,phone,address\nC-000001,{phone}\n",
    "number.csv": "id,birth_year,phone\nC-000001,1931年,{phone}\n",
    "masked.csv": "id,phone\nC-000001,139****9999\n",
    "nameless.csv": "id,\nC-000001,{phone}\n",
    "twice.csv": "id,phone\nC-000001,{phone}\nC-000001,{address}\n",
    "stale.csv": "id,phone,rev\nC-000001,{phone},000000000000\n",
    "noname.csv": "phone,email\n{phone},{email}\n",
    "kind.csv": "id,kind,occupation\nC-000001,x,{other}\n",
    "torn.jsonl": '{{"id":"C-000001","phone":"{phone}\n',
    "noobject.jsonl": '"{address}"\n',
    "numbers.jsonl": '{{"id":"C-000001","phone":1387654010,"gender":"{address}","birth_year":"{address}"}}\n',
    "parts.jsonl": '{{"item":"x","amount":1,"payer":{{"phone":"{phone}","fone":"{address}"}}}}\n',
    "contacts.csv": "customer,name,phone,emial\nC-9,x,{phone},{email}\nC-000001,,{phone},{email}\n",
    "unknown.jsonl": '{{"id":"C-000001"}}\n{{"id":"C-000002","fone":"{phone}","birth_year":19310101}}\n',
    "surrogate.jsonl": '{{"id":"C-000001","phone":"{phone}\\ud800"}}\n',
    "torn.json": '[{{"id":"C-000001","phone":"{phone}" "x"}}]',
    "good.csv": "id,phone,region\nC-000001,{phone},x\n,,\n",
}
OTHERS = {
    "orders.csv": "customer,date,note\nC-000001,2026-11-22,x\nC-9,x,{phone}\n",
    "headless.csv": "{phone},{other}\n{email},{address}\n",
    "sheets.csv": "staff,1,2\nS-002,B,A\nS-001,A,C\n",
    "scores.csv": "course,staff,before,after\nTC-0001,S-002,87.65,87.65\nTC-0001,S-9,8765401,x\n",
    "amounts.csv": "staff,what,amount\nS-001,x,8765401\nS-001,,x8765401\n",
    "rooms.csv": "房号,成交总价,phone\n1-101,1,{phone}\n9-901,x,{phone}\n",
    "companies.csv": "name,phone,email,account\n,{phone},{email},{identity}\nx,{phone},{email},{identity}\n",
    "mediations.csv": "tenant,other,subject,on\nPT-9,{other},x,x\nPT-0001,{other},x,2026-10-11\n",
    "projects.csv": "name,address,units\nx,{address},1\nx,{address},x\n",
    "people.csv": "name,phone,base_pay\n,{phone},x8765401\nx,{phone},-8765401\n",
    "tenants.csv": "name,project,phone,contact\nx,PJ-9,{phone},{other}\nx,PJ-001,{phone},{other}\n",
    "notices.csv": "description,type,phone,contact,payment\nx,Z1,{phone},{other},x\nx,Z2,{phone},{other},\n",
    "requests.csv": "subject,customer,phone,contact\nx,C-9,{phone},{other}\n,C-000001,{phone},{other}\n",
    "repairs.csv": "fault,customer,phone,address\nx,C-9,{phone},{address}\nx,C-000001,{phone},x\n",
    "deliveries.csv": "customer,at,phone,contact\nC-000001,x,{phone},{other}\n",
    "figures.csv": "staff,followups,attendance\nS-001,{phone},x\n",
    "absences.csv": "staff,first,note\nS-001,x,{other}\nS-001,2026-11-09,{other}\n",
    "notes.csv": "staff,words,on\nS-001,{other},x\nS-001,{other},2026-11-09\n",
    "calls.csv": "at,number,queue\nx,{phone},x\n2026-10-20T09:00,{phone},consult\n",
    "plans.csv": "subject,due,number\nx,x,{phone}\nx,2026-12-01,{phone}\n",
    "visitors.csv": "at,name,phone\nx,{other},{phone}\n2026-10-20T09:00,{other},{phone}\n",
    "cases.csv": "content,phone,complainant,people\nx,{phone},{other},x\n",
    "batch.txt": "customer list\ncustomer show C-000001 -o json\ncustomer set C-000001 phone= kind=x\n",
}
READING: dict[str, tuple[str, ...]] = {
    "notice count": ("", "--by system"),
    "notice export": ("", "--fields contact,phone,address,location,signed_by"),
    "notice flow": ("", "SN-000001 SN-000002"),
    "notice list": ("", "--where 'known(phone)'", "--fields id,address,phone,contact"),
    "notice plan": ("", "--from 2026-10-01 --to 2026-12-31", "-o html"),
    "notice print": ("SN-000001 SN-000002", "SN-000001 --form contact", "SN-9"),
    "notice query": ("", "--type Z1", "--fields id,address,phone,name"),
    "notice schema": ("",),
    "notice send": ("SN-000001 --to-address x@example.com", "SN-000001 --to-address {email}x{address}"),
    "notice show": ("SN-000001", "SN-000002"),
    "service-invoice count": ("",),
    "service-invoice export": ("",),
    "service-invoice list": ("",),
    "service-invoice schema": ("",),
    "service-invoice show": ("ZFW-00001",),
    "service-order count": ("",),
    "service-order export": ("",),
    "service-order list": ("",),
    "service-order schema": ("",),
    "service-order show": ("ZFFW-00001",),
    "customer count": ("", "--by phone", "--by gender,birth_year", "--by phone,email", "--where 'phone > 5'"),
    "customer contact count": ("", "--by phone"),
    "customer contact export": ("", "--fields phone,email,rev"),
    "customer contact list": ("", "--where 'phone > 5'", "--sort email"),
    "customer contact schema": ("",),
    "customer contact show": ("CT-000001",),
    "customer copy": ("C-000001", "C-000002", "C-9"),
    "customer duplicates": ("", "--where 'known(phone)'"),
    "customer ledger count": ("", "--by payer", "--by payee.phone,invoice"),
    "customer ledger export": ("", "--fields payer,invoice.signed_by"),
    "customer ledger list": ("", "--fields id,payer,payee,invoice,payments", "--where 'payer.phone > 5'"),
    "customer ledger open": ("", "--overdue", "--payable"),
    "customer ledger schema": ("",),
    "customer ledger show": ("FE-000001",),
    "customer lost": ("--days 1",),
    "customer rank": ("", "--by quantity"),
    "customer timeline": ("C-000001", "C-9"),
    **{
        f"customer {noun} {verb}": (f"{own} ".strip(),)
        for noun in ("activity", "opportunity", "unit")
        for verb, own in (("count", ""), ("export", ""), ("list", ""), ("schema", ""), ("show", "X-1"))
    },
    "customer export": ("", "C-000001", "--fields phone,email,rev"),
    "customer list": (
        "",
        "--fields id,phone,gender,birth_year,address,occupation",
        "--sort phone",
        "--sort -birth_year",
        "--where 'birth_year > 1900 and known(phone)'",
        "--where 'phone > 5'",
        "--where 'birth_year / 0 > 1'",
        "--where 'email == 1'",
    ),
    "customer schema": ("",),
    "customer show": ("C-000001", "C-000001 C-000002", "C-9"),
    "customer order count": ("", "--by note"),
    "customer order export": ("",),
    "customer order list": ("",),
    "customer order schema": ("",),
    "customer order show": ("O-000001",),
    "data info": ("",),
    "data verify": ("", f"--head {'0' * 40}"),
    "fact list": ("",),
    "fact show": ("customer C-000001", "customer --all", "customer C-000001 --names nothing", "staff --all"),
    "help": ("", "where"),
    "log": ("", "C-000001", "C-000002", "C-9", "S-001", "PC-001"),
    "config get": ("zone",),
    "config list": ("--origin",),
    "plugins check": (),  # works on folders of its own
    "plugins list": ("",),
    "plugins rules list": ("",),
    "plugins rules show": ("nothing nothing",),
    "completion": ("bash",),
    "report": ("--month 2026-11", "--month 2026-11 --ids", "--month 2026-11 --only customers"),
    "today": ("", "--until 2099-12-31"),
}
CHANGING: dict[str, tuple[str, ...]] = {
    "notice add": (
        "x --type Z2 --phone {phone} --contact {other} --address {address}",
        "x --type Z9 --phone {phone} --contact {other}",
        "x --type Z1 --phone {phone} --document {other}",
    ),
    "notice import": ("notices.csv",),
    "notice remove": ("SN-000001 --yes", "SN-000003 --yes"),
    "notice set": ("SN-000001 phone={phone} contact={other}", "SN-000001 address={address} type=x"),
    **{
        f"notice {words.partition(' ')[0]}": tuple(
            f"{own} {words.partition(' ')[2]} --user d".replace("  ", " ")
            for own in ("SN-000001", "SN-000002", "SN-000003")
        )
        for words in (
            *("agree", "approve", "close", "decline --reason x", "delivered --at 2026-10-22", "invoice"),
            *("logistics", "open-case", "parts --part SP-0002", "perform", "process", "quote --line x=1"),
            *("postpone --until 2099-10-26 --reason x", "refuse --reason x", "reply --text x"),
            *("return-to-maker --maker x", "sign-off --by {other}", "site-survey --head-office"),
        )
    },
    "service-invoice set": ("ZFW-00001 note=x",),
    "service-order set": ("ZFFW-00001 note=x",),
    "batch": ("batch.txt", "batch.txt --keep-going", "batch.txt --dry-run"),
    "config set": ("zone=Asia/Shanghai",),
    "config unset": ("zone",),
    "customer add": (
        "x --birth-year 1931年 --gender {address}",
        "x --phone {phone}",
    ),
    "customer close": ("C-000001", "C-000001 --dry-run", "C-000001 --erase --yes", "C-000001 --erase"),
    "customer import": (*FILES, "headless.csv"),
    "customer contact add": ("C-000001 --name x --phone {phone} --email {email}", "C-9 --phone {phone}"),
    "customer contact import": ("contacts.csv",),
    "customer contact merge": ("CT-000001 CT-000002 --yes", "CT-000001 CT-000002 --dry-run"),
    "customer contact remove": ("CT-000001 --yes", "CT-000001 --dry-run"),
    "customer contact set": ("CT-000001 phone={phone} email=x", "CT-000001 phone={phone} --dry-run"),
    "customer handover": ("--from S-1 --to S-2", "--from S-1 --to S-2 --dry-run", "--from S-3 --to S-1"),
    "customer ledger add": ("C-000001 --item x --amount 1 --payer {phone}", "C-000001 --item x"),
    "customer ledger import": ("parts.jsonl",),
    "customer ledger merge": ("FE-000001 FE-000002 --yes",),
    "customer ledger pay": ("FE-000001 1", "FE-000001 999999", "FE-000001 1 --dry-run"),
    "customer ledger remove": ("FE-000001 --yes",),
    "customer ledger set": ("FE-000001 payer.phone={phone} invoice.signed_by=", "FE-000001 payer={phone}"),
    **{
        f"customer {noun} {verb}": (words,)
        for noun in ("activity", "opportunity", "unit")
        for verb, words in (
            ("add", "C-000001"),
            ("import", "parts.jsonl"),
            ("merge", "X-1 X-2"),
            ("remove", "X-1 --dry-run"),
            ("set", "X-1 note=x"),
        )
    },
    "customer merge": (
        "C-000002 C-000001 --yes",
        "C-000001 C-000002 --no-fill --yes",
        "C-000002 C-000001 --dry-run",
    ),
    "customer remove": ("C-000003 --yes", "C-000001 --yes", "C-000003 --dry-run"),
    "customer set": (
        "C-000001 phone={phone} gender= birth_year=1932",
        "C-000001 phone={phone} --dry-run",
        "C-000001 birth_year=1931年 gender={address} address=上海**",
        "C-000001 email={email} fax={phone}",
    ),
    "customer order add": ("C-000001 --date x",),
    "customer order import": ("orders.csv",),
    "customer order merge": ("O-000001 O-9",),
    "customer order remove": ("O-000001 --dry-run",),
    "customer order set": ("O-000001 date=x",),
    "data compact": ("--yes", ""),
    "data init": ("",),
    "data settle": ("",),
    "demo": (),  # builds a folder of its own
    "plugins new": (),  # writes a folder of its own
    "undo": ("--yes", "1 --yes", "3 --yes", "5 --yes", "--dry-run", "4 --dry-run"),
}  # fmt: skip


CASE = "CP-20261120-001"
READING |= {
    "calendar add": ("2026-11-20T10:00 1h",),
    "calendar between": ("2026-11-20T10:00 2026-11-23T10:00",),
    "calendar show": ("2026-11",),
    **{f"case audit {what}": ("",) for what in ("handovers", "pauses", "reopened")},
    **{
        f"case {verb}": ("",)
        for verb in ("categories", "flow", "pareto", "repeat", "schema", "summary", "trend")
    },
    "case count": ("", "--by phone", "--by complainant"),
    "case export": ("", "--fields complainant,phone,rev"),
    "case list": ("", "--where 'phone > 5'", "--sort complainant"),
    "case monthly": ("--month 2026-11",),
    "case policy list": ("",),
    "case overdue": ("", "--now 2027-01-01T10:00"),
    "case show": (CASE, "CP-9"),
    "case sla": (CASE,),
    "case stats": ("--by category,month",),
    "case track": (CASE, "CP-9"),
    "followup due": ("--until 2027-12-31",),
    "grade changes": ("--since 2026-01-01",),
    "grade check": ("order-volume",),
    "grade due": ("",),
    "grade entitlements": ("C-000001",),
    "grade explain": ("C-000001 --scheme order-volume", "C-000001 --scheme store-tier"),
    "grade matrix": ("order-volume",),
    "grade schemes": ("",),
    "grade show": ("C-000001", "C-9"),
    "survey check": ("nothing.toml",),
    "survey compare": ("SR-0001 SR-0002",),
    "survey drivers": ("SR-0001",),
    "survey form": ("repair",),
    "survey low": ("SR-0001", "SR-0001 --below 100"),
    "survey nonresponse": ("SR-0001 --by region",),
    "survey questionnaires": ("",),
    "survey report": ("SR-0001 --by region",),
    "survey sample": ("SR-0001", "SR-0001 --all", "SR-0003"),
    "survey score": ("SR-0001 --ids", "SR-0001 --by region", "SR-0001 --chart"),
    "survey show": ("repair",),
    "survey trend": ("overall",),
    **{
        f"{noun} {verb}": (own if verb == "show" else "",)
        for noun, own in (
            ("followup", "FU-000001"),
            ("grade", ""),
            ("grade gift", "GG-000001"),
            ("survey response", "SA-000001"),
            ("survey round", "SR-0001"),
        )
        for verb in ("count", "export", "list", "schema", "show")
        if (noun, verb) != ("grade", "show")
    },
}
CHANGING |= {
    "calendar import": ("good.csv", "headless.csv"),
    "case add": (
        "x --phone {phone} --complainant {other} --people x",
        "x --phone {phone} --complainant {other}",
    ),
    "case import": ("cases.csv", "number.csv"),
    "case import-events": ("good.csv", "headless.csv"),
    "case set": (f"{CASE} phone={{phone}} complainant={{other}} people=x", f"{CASE} phone={{phone}}"),
    **{
        f"case {words.partition(' ')[0]}": (f"{CASE} {words.partition(' ')[2]}".strip(), "CP-9 --dry-run")
        for words in (
            *("approve", "assign --to repair", "chase", "close", "comment --text x", "compensate --amount 1"),
            *("crisis --done facts", "escalate", "extend --until 20d --reason x", "keep", "link CP-9"),
            *(
                "pause --until 5d --reason x --party x",
                "pay",
                "promise --due 4h --text x",
                "reject --reason x",
            ),
            *("remove --yes", "reopen --reason x", "reply --text x", "resolve --solution x", "resume"),
            *("return --reason x", "start", "supervise"),
        )
    },
    "data adopt": ("", "torn.json"),
    "data backup": ("saved.tar",),
    "data copy": ("copied",),
    "data migrate": ("", "--dry-run"),
    "data restore": ("saved.tar --yes",),
    "followup add": ("Call --customer C-000001 --due x",),
    "followup done": ("FU-000001 --result x",),
    "followup import": ("contacts.csv",),
    "followup merge": ("FU-000001 FU-000002 --yes",),
    "followup remove": ("FU-000001 --yes",),
    "followup set": ("FU-000001 due=x",),
    "grade gift add": ("C-000001 --gift flowers --on x",),
    "grade gift import": ("contacts.csv",),
    "grade gift merge": ("X-1 X-2",),
    "grade gift remove": ("X-1 --dry-run",),
    "grade gift set": ("X-1 on=x",),
    "grade review": ("--pending", "GR-9"),
    "grade run": ("--dry-run", "--scheme order-volume"),
    "grade set": ("C-000001 order-volume A --reason x", "C-9 order-volume A --reason x"),
    "survey ask": ("SR-0001",),
    "survey import": ("SR-0001 contacts.csv", "SR-0001 good.csv", "SR-0001 headless.csv"),
    "survey missed": ("SR-0001 SA-000001 --refused",),
    "survey new": (
        "overall --population customer --size 2",
        "overall --population customer --where 'phone > 5'",
    ),
    "survey round set": ("SR-0001 due=x",),
}


# --- staff -------------------------------------------------------------------------------------------------


def _plain(*nouns: str) -> dict[str, tuple[str, ...]]:
    """Return no lines for the verbs that the core gives nouns whose records hold nothing personal."""
    leaves = App().plugins.leaves.items()
    return {path: () for path, leaf in leaves if leaf.record_type and leaf.record_type.command in nouns}


def _reading(noun: str, own: str, name: str) -> dict[str, tuple[str, ...]]:
    """Return lines for the reading verbs of a noun, one of whose personal fields is `name`."""
    return {
        f"{noun} count": (f"--by {name}",),
        f"{noun} export": ("", f"--fields {name},rev"),
        f"{noun} list": ("", f"--fields id,{name} --sort {name}", f"--where '{name} > 5'"),
        f"{noun} schema": ("",),
        f"{noun} show": (own, f"{own} X-9"),
    }


def _changing(noun: str, own: str, file: str, values: str, *more: str) -> dict[str, tuple[str, ...]]:
    """Return lines for the changing verbs of a noun: values that are taken, and such that are not."""
    return {
        f"{noun} import": (file,),
        f"{noun} remove": (f"{own} --yes",),
        f"{noun} set": (f"{own} {values}", *(f"{own} {one}" for one in more)),
    }


READING |= _plain(
    *(f"staff {noun}" for noun in ("attendance", "course", "need", "question", "target", "exam", "position"))
)
READING |= {
    **_reading("staff training", "TR-00001", "after"),
    **_reading("staff exam sitting", "ES-00001", "score"),
    **_reading("staff penalty", "PN-00001", "amount"),
    **_reading("staff reward", "RW-00001", "amount"),
    **_reading("staff scorecard", "SC-000001", "total"),
    **_reading("staff appraisal", "RV-000001", "mean"),
    "staff card": ("S-001 --month 2026-09", "S-001 --month 2026-09 --ids", "S-9"),
    "staff count": ("", "--by base_pay", "--by phone"),
    "staff exam items": ("EX-0001", "EX-9"),
    "staff exam paper": ("EX-0001 --answers",),
    "staff export": ("", "--fields base_pay,phone,rev"),
    "staff facts": ("S-001 --month 2026-09",),
    "staff headcount": ("",),
    "staff list": ("", "--fields id,base_pay,allowance,phone", "--where 'base_pay > 1'", "--sort base_pay"),
    "staff organisation list": ("",),
    "staff organisation show": ("typical-team",),
    "staff pay": ("--month 2026-09", "S-9"),
    "staff rank": ("--month 2026-09",),
    "staff schema": ("",),
    "staff show": ("S-001", "S-9"),
    "staff target report": ("", "--period 2026-Q3"),
    "staff timeline": ("S-001",),
    "staff training needs": ("",),
    "staff training report": ("TC-0001", "TC-0001 --fact staff.penalty_amount"),
    "staff tree": ("", "--people"),
    "staff trend": ("S-001",),
}
CHANGING |= {
    **_changing(
        "staff training", "TR-00001", "scores.csv", "after=87.65", "after=8765401", "before=x8765401"
    ),
    **_changing("staff penalty", "PN-00001", "amounts.csv", "amount=8765402", "amount=-8765401"),
    **_changing("staff reward", "RW-00001", "amounts.csv", "amount=8765402", "amount=x8765401"),
    "staff add": ("x --phone {phone} --base-pay x", "x --base-pay 8765401 --email {email}"),
    "staff apply": ("--quarter 2026-Q2 --user S-002", "--quarter 2026-Q3 --user S-002"),
    "staff confirm": ("S-001 --month 2026-09 --user S-002", "--all --month 2026-09 --user S-002"),
    "staff erase": ("S-003 --yes", "S-003 --dry-run", "S-001 --yes"),
    "staff exam draw": ("x --questions 2 --seed 7", "x --questions 9"),
    "staff exam mark": ("EX-0001 sheets.csv", "EX-0001 contacts.csv", "EX-0001 headless.csv"),
    "staff import": ("good.csv", "people.csv"),
    "staff organisation use": ("food-brand --dry-run",),
    "staff penalty add": ("S-001 --what x --amount 8765401", "S-001 --what x --amount -8765401"),
    "staff penalty confirm": ("PN-00001 --user other",),
    "staff penalty refuse": ("PN-00002 --user other",),
    "staff review": ("--quarter 2026-Q3", "--quarter 2026-Q3 --dry-run"),
    "staff reward add": ("S-001 --what x --amount 8765401 --on x",),
    "staff reward confirm": ("RW-00001 --user other",),
    "staff reward refuse": ("RW-00001 --user other",),
    "staff score": (
        "--month 2026-09 --enter figures.csv",
        "--month 2026-09 --enter headless.csv",
        "--month 2026-09 --dry-run",
    ),
    "staff set": ("S-001 base_pay=8765401.5 phone={phone}", "S-001 base_pay=8765402 --dry-run"),
    "staff training add": ("TC-0001 --staff S-002 --after 87.65", "TC-0001 --staff S-002 --after 8765401"),
}

# --- estates -----------------------------------------------------------------------------------------------

READING |= _plain(
    *(
        f"property {noun}"
        for noun in (
            *("audit", "check", "event", "invoice", "matter", "patrol", "rectification", "reduction"),
            *("sale", "settle"),
        )
    )
)
READING |= {
    **_reading("property company", "PC-001", "account"),
    **_reading("property mediation", "PM-0001", "other"),
    **_reading("property project", "PJ-001", "address"),
    **_reading("property tenant", "PT-0001", "contact"),
    "property audit results": ("",),
    "property check items": ("CK-0001",),
    "property check trend": ("",),
    "property event overdue": ("",),
    "property mapping-fee": ("--residential 12000 --other 800",),
    "property project timeline": ("PJ-001", "PJ-9"),
    "property rank": ("",),
    "property rectification late": ("",),
    "property sale reconcile": ("rooms.csv", "rooms.csv rooms.csv", "contacts.csv", "headless.csv"),
    "property sale reminders": ("", "-o html"),
    "property sale returned": ("--period 2026-09",),
    "property sale track": ("PS-00001", "PS-9"),
    "property settle owed": ("", "--by company"),
    "property settle print": ("ST-00002", "ST-9"),
    "property settle show": ("ST-00001 ST-00002",),
    "property standard list": ("",),
    "property standard show": ("residential",),
    "property taxes": ("--price 1000000 --area 89.5",),
    "property tenant arrears": ("", "--project PJ-9"),
    "property tenant figures": ("--period 2026-Q4",),
    "property tenant handover": ("PT-0002", "PT-9"),
    **{f"property matter {verb}": ("",) for verb in ("blocked", "course", "overdue", "procedures")},
    **{f"property {noun} flow": ("",) for noun in ("event", "rectification", "reduction", "sale", "settle")},
}
_METERS = "--item power_meter=9 --item water_meter=9"
CHANGING |= {
    **_changing("property company", "PC-002", "companies.csv", "phone={phone} account={identity}", "email="),
    **_changing(
        "property mediation",
        "PM-0001",
        "mediations.csv",
        "other={other}",
        "other= on=x",
        "other={other} on=x",
    ),
    **_changing(
        "property project", "PJ-002", "projects.csv", "address={address} units=x", "address={address}"
    ),
    **_changing(
        "property tenant", "PT-0003", "tenants.csv", "phone={phone} contact={other}", "phone=x rent=x"
    ),
    "property audit conclude": ("PA-0001 --passed --text x",),
    "property audit find": ("PA-0001 --text x",),
    "property check new": ("PJ-001 --standard commercial --seed 1 --items 3", "PJ-9 --standard commercial"),
    "property check record": ("CK-0001 --rest-ok", "CK-0001 contacts.csv", "CK-0001 headless.csv"),
    "property company add": ("x --phone {phone} --contact {other} --email x", "x --fax {phone}"),
    "property company merge": ("PC-001 PC-002 --yes", "PC-001 PC-002 --dry-run"),
    "property event move": ("PE-0001 --to coordinating", "PE-0001 --to nowhere"),
    "property event note": ("PE-0001 --text x",),
    "property invoice pay": ("PI-000001 1.50", "PI-000001 999999"),
    "property invoice remind": ("", "PI-000001 --dry-run"),
    "property invoice run": ("--month 2026-10", "--month 2026-10 --project PJ-9"),
    "property matter cancel": ("MT-00001 --reason x",),
    "property matter open": ("presale --project PJ-001", "delivery --sale PS-00001"),
    "property matter receive": ("MT-00001 defect-list",),
    "property matter step": ("MT-00001 acceptance --document defect-list", "MT-00001 nowhere"),
    "property mediation add": ("PT-0001 --other {other} --subject x --on x", "PT-9 --other {other}"),
    "property patrol find": ("PP-0001 --text x",),
    "property project add": ("x --address {address}", "x --address {address} --units x"),
    "property project building": ("PJ-001 --name 1# --floors 31", "PJ-001 --name 1# --floors 3 --built 9"),
    **{
        f"property rectification {words.partition(' ')[0]}": (f"RC-0001 {words.partition(' ')[2]}".strip(),)
        for words in ("done", "return --reason x", "verify", "withdraw --reason x")
    },
    **{
        f"property reduction {words.partition(' ')[0]}": (f"FR-00001 {words.partition(' ')[2]} --user b",)
        for words in ("check", "confirm", "file --as box", "pass --to x", "refuse --reason x")
    },
    "property sale move": ("exchange PS-00001 --number x", "move-in PS-00001"),
    "property sale remind": ("PS-00001",),
    "property sale special": ("PS-00001 --issue x",),
    **{
        f"property settle {words.partition(' ')[0]}": tuple(
            f"{own} {words.partition(' ')[2]} --user d" for own in ("ST-00001", "ST-00002")
        )
        for words in (
            *("approve", "cancel", "check", "line --adjust x=-1.50", "pay --amount 1", "return --reason x"),
            *("revise", "submit"),
        )
    },
    "property settle new": ("PJ-001 --item y --period 2025-03 --fee x=2", "PJ-9 --item y --period 2025-03"),
    "property tenant add": (
        "x --project PJ-9 --phone {phone} --contact {other}",
        "x --project PJ-001 --rent x",
    ),
    "property tenant merge": ("PT-0001 PT-0003 --yes", "PT-0003 PT-0001 --dry-run"),
    "property tenant move-in": (f"PT-0001 {_METERS} --rest-ok", "PT-0001"),
    "property tenant move-out": (f"PT-0002 {_METERS} --rest-ok", "PT-0001"),
}

# --- the hotline -------------------------------------------------------------------------------------------

_SCORED = "QS-000001"
READING |= {
    **_plain(*(f"call {noun}" for noun in ("analysis", "logbook", "qa draw", "qa measure"))),
    **_reading("call absence", "AB-00001", "note"),
    **_reading("call coaching", "CO-00001", "words"),
    **_reading("call qa assessment", _SCORED, "total"),
    **_reading("call shift", "SH-00001", "note"),
    "call qa agreement": ("--month 2026-10", "--month 2026-10 --by item"),
    "call qa report": tuple(
        f"--month 2026-10 --by {view}"
        for view in ("figure", "agent", "item", "month", "scorer", "measure", "month --agent S-001")
    ),
    "call qa sheet list": ("",),
    "call qa sheet show": ("hotline",),
    "call qa unscored": ("",),
    "call shift gaps": ("--from 2026-10-01",),
    "call shifts": ("--week 2026-W42", "--week 2026-W42 -o html"),
    **_plain("call equipment"),
    **_reading("call", "CL-20261020-001", "number"),
    **_reading("call plan", "IP-00001", "number"),
    **_reading("call visitor", "VS-20261020-001", "phone"),
    "call flow": ("",),
    "call promises": ("", "--overdue", "--kept"),
    "call staffing": ("--calls-per-hour 200 --aht 180", "--from 2026-10-01 --to 2026-10-31"),
    "call stats": ("", "--by hour", "--ids offered", "--where 'number > 5'"),
    "call visitors": ("", "--by group"),
}
CHANGING |= {
    **_changing("call absence", "AB-00001", "absences.csv", "note={other}", "note={other} first=x"),
    **_changing("call coaching", "CO-00001", "notes.csv", "words={other}", "agreed={other} on=x"),
    **_changing("call shift", "SH-00001", "good.csv", "note=x", "note=x on=x"),
    "call absence add": ("S-001 --first 2026-11-01 --note {other}", "S-001 --first x --note {other}"),
    "call analysis add": ("x",),
    "call coaching add": ("S-001 --words {other}", "S-001 --agreed {other} --on x"),
    "call coaching acknowledge": ("CO-00001 --answer {other} --user S-001", "CO-00001 --answer {other}"),
    "call handover": ("--shift early --on 2026-10-12", "--shift x"),
    "call qa measure done": ("QM-00001", "QM-9"),
    "call qa sample": ("--month 2026-10 --redraw --reason x",),
    "call qa score": (
        "CL-20261020-001 --item greeting=x --comment {other}",
        "CL-20261021-001 --item listening=0:{other} --item empathy=7.65 --rest-ok --user S-002",
        "CL-20261021-001 --rest-ok --comment {other} --user S-002",
    ),
    "call shift add": ("S-001 --on 2026-12-01 --shift early", "S-001 --on x --shift early"),
    "call shift cover": ("AB-00001", "AB-9"),
    "call shift plan": ("--from 2026-12-01 --to 2026-12-02 --staff S-001",),
    "call shift support": ("",),
    "call shift swap": ("SH-00001 SH-00002",),
    "call takeover": ("HO-00001 --user S-002",),
    **_changing("call", "CL-20261020-001", "calls.csv", "number={phone}", "number={phone} waiting=x"),
    **_changing("call plan", "IP-00001", "plans.csv", "number={phone}", "number={phone} due=x"),
    **_changing(
        "call visitor", "VS-20261020-001", "visitors.csv", "phone={phone} name={other}", "phone= at=x"
    ),
    "call add": ("x --number {phone} --queue complaint", "x --number {phone} --waiting x"),
    "call plan add": ("x --due 2026-12-01 --number {phone}", "x --due x --number {phone}"),
    "call plan done": ("IP-00001", "IP-9"),
    "call plan drop": ("IP-00001", "IP-00001 --dry-run"),
    "call visitor add": ("x --name {other} --phone {phone}", "x --phone {phone} --people x"),
}

# --- jobs, repairs, returns, deliveries --------------------------------------------------------------------

READING |= _plain("dispatch", "dispatch handover", "service-record", "return", "part", "part movement")
READING |= {
    **_reading("request", "RQ-000001", "phone"),
    **_reading("repair", "RP-000001", "signed_by"),
    **_reading("delivery", "DV-000001", "address"),
    "delivery flow": ("",),
    "delivery message": ("DV-000001 --firm x --phone 400", "DV-9 --firm x"),
    "delivery plan": ("--period 2026",),
    "delivery script": ("DV-000001 --firm x",),
    "dispatch flow": ("",),
    "dispatch overlaps": ("",),
    "dispatch propose": ("RQ-000001 RQ-000002",),
    "part low": ("",),
    "repair faults": ("", "--by customer"),
    "repair flow": ("",),
    "repair monthly": ("",),
    "return flow": ("",),
    "return summary": ("",),
    "service-record missing": ("",),
    "service-record stats": ("",),
}
CHANGING |= _changing(
    "request", "RQ-000003", "requests.csv", "phone={phone} contact={other}", "phone={phone} kind=x"
)
CHANGING |= _changing(
    "repair", "RP-000003", "repairs.csv", "phone={phone} address={address}", "phone={phone} bought=x"
)
CHANGING |= _changing("delivery", "DV-000003", "deliveries.csv", "contact={other}", "contact={other} at=x")
CHANGING |= {
    "delivery add": ("C-000001 --at 2026-12-01T10:00 --phone {phone}", "C-9 --at x --address {address}"),
    "delivery cancel": ("DV-000001 --reason x", "DV-000002 --reason x"),
    "delivery confirm": ("DV-000001", "DV-000002"),
    "delivery deliver": ("DV-000001", "DV-000001 --gift flowers"),
    "delivery maintained": ("DV-000001", "DV-000002"),
    "dispatch add": ("RQ-000001 --engineer S-008", "RQ-000003"),
    "dispatch cancel": ("DP-000001 --reason x",),
    "dispatch close": ("DP-000001 --result x",),
    "dispatch handover new": ("late --to S-012 --engineer S-008",),
    "dispatch handover sign": ("DH-0001 --user S-009", "DH-0001"),
    "dispatch start": ("DP-000001",),
    "part issue": ("SP-0001 --job RP-000001", "SP-0001=99 --job RP-000001"),
    "part receive": ("SP-0001=2",),
    "part return": ("SP-0001 --job RP-000001",),
    "part stocktake": ("SP-0001=2 --reason x",),
    "repair add": ("noisy --customer C-000001 --phone {phone}", "noisy --customer C-9 --contact {other}"),
    "repair cancel": ("RP-000001 --reason x", "RP-000002 --reason x"),
    "repair finish": ("RP-000001 --cause x", "RP-000002 --cause x"),
    "repair parts": ("RP-000001 SP-0001", "RP-000001 SP-0001=99"),
    "repair rework": ("RP-000001 --reason x", "RP-000002 --reason x"),
    "repair sign-off": ("RP-000001 --by {other}", "RP-000002 --by {other}"),
    "repair start": ("RP-000001", "RP-000002"),
    "request add": ("leak --customer C-000001 --phone {phone}", "leak --customer C-9 --address {address}"),
    "request cancel": ("RQ-000001", "RQ-000003"),
    "return approve": ("RT-000001 --user S-002",),
    "return cancel": ("RT-000001 --reason x",),
    "return receive": ("RT-000001",),
    "return refuse": ("RT-000001 --reason x --user S-002",),
    "return settle": ("RT-000001 --refund 1",),
}

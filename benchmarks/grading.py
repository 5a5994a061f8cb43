"""Grading 100 000 customers with 500 000 orders, beside DuckDB and beside decoding the files.

    python benchmarks/grading.py [ROUNDS]

Needs duckdb beside cskit (`pip install duckdb`). DuckDB reads the very table files, and groups as the scheme
order-volume does; it neither explains a grade nor keeps one. CPU seconds of whole processes, interleaved.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

CUSTOMERS, ORDERS = 100_000, 500_000
NOW = "2026-11-28"
DECODE = """
from cskit.app import App
from cskit.terminal.options import Options
from cskit_customers.documents import decoded
from cskit_customers.facts import Card
from cskit_customers.orders import line_with
reading = App(Options()).reading()
for table, shape in (("customers", Card), ("orders", line_with(["amount"]))):
    for _document in decoded(table, reading.read(table), shape):
        pass
"""
DUCKDB = """
import duckdb, os
duckdb.execute("set threads = 1")
read = '''select rtrim(substr(line, position(':' in line) + 1), ',') as j from read_csv('{}/{}.json',
    columns = {{'line': 'varchar'}}, delim = chr(1), quote = '', escape = '', header = false)
    where starts_with(line, '"')'''
customers, orders = (read.format(os.environ["CSKIT_DATA"], name) for name in ("customers", "orders"))
print(duckdb.execute(f'''
with orders as (
    select json_extract_string(j, '$.customer') as customer, count(*) as n,
        sum(cast(json_extract_string(j, '$.amount') as decimal(18, 2))) as v
    from ({orders}) where coalesce(json_extract_string(j, '$.state'), 'open') in ('open', 'completed')
        and cast(json_extract_string(j, '$.date') as date) <= '2026-11-28' group by 1
), customers as (
    select json_extract_string(j, '$.id') as id,
        cast(json_extract_string(j, '$.potential_volume') as decimal(18, 2)) as p
    from ({customers}) where coalesce(json_extract_string(j, '$.state'), 'active') <> 'closed'
), known as (
    select id, p, coalesce(n, 0) as n, coalesce(v, 0) as v from customers left join orders on customer = id
), graded as (
    select case when n > 5 and v > 100000 or n = 0 and p > 100000 then 'A'
        when n > 3 and v >= 10000 or n = 0 and p >= 10000 then 'B'
        when n >= 1 or n = 0 and p < 10000 then 'C' end as grade from known
) select grade, count(*) from graded group by 1 order by 1''').fetchall())
"""
# The whole process again, in which only its own peak memory is counted.
MEASURED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)
sys.stderr.buffer.write(done.stderr)
"""


def write(place: Path) -> None:
    """Write invented customers and orders; a few customers order much, many little or nothing."""
    chance = random.Random(7)  # noqa: S311 - the same every time
    with (place / "customers.jsonl").open("w", encoding="utf-8") as out:
        for number in range(1, CUSTOMERS + 1):
            row = {"id": f"C-{number:06d}", "name": f"客户{number}有限公司", "region": "华东"}
            more = {"potential_volume": chance.randrange(1000, 200_000)} if number % 3 == 0 else {}
            depth = {"usage_depth": chance.randrange(101)} if number % 2 else {}
            out.write(json.dumps({**row, **more, **depth}, ensure_ascii=False) + "\n")
    with (place / "orders.jsonl").open("w", encoding="utf-8") as out:
        for number in range(1, ORDERS + 1):
            amount = round(chance.lognormvariate(8, 1.2), 2)
            row = {
                "id": f"O-{number:06d}",
                "customer": f"C-{int(CUSTOMERS * chance.random() ** 2) + 1:06d}",
                "date": f"{chance.randrange(2023, 2027)}-{chance.randrange(1, 12):02d}-01",
                "amount": amount,
                "gross_profit": round(amount * 0.3, 2),
                "state": "completed" if chance.random() < 0.9 else "open",
            }
            out.write(json.dumps(row) + "\n")


def measured(command: list[str], env: dict[str, str]) -> tuple[float, int]:
    """Run a command and return its CPU seconds and its peak memory in MB."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *command], env=env, capture_output=True, text=True, check=True
    )
    code, seconds, memory = done.stdout.split()
    if code != "0":
        sys.exit(f"{command}: {done.stderr}")
    return float(seconds), int(memory)


def main() -> None:
    """Make the department once, measure in turn, and print one row a task."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    cskit = str(Path(sysconfig.get_path("scripts")) / "cskit")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        env = {key: value for key, value in os.environ.items() if not key.startswith(("CSKIT_", "PYTHON"))}
        env |= {"CSKIT_DATA": str(place / "data"), "PYTHONPYCACHEPREFIX": str(place / "compiled")}
        write(place)
        for line in ("customer import customers.jsonl", "customer order import orders.jsonl", "data settle"):
            subprocess.run([cskit, "-q", *line.split(" ")], env=env, cwd=place, check=True)
        run = [cskit, "grade", "run", "--dry-run", "--now", NOW, "-o", "json", "--out", os.devnull]
        tasks = {
            "decoding the files": [sys.executable, "-c", DECODE],
            "DuckDB, order-volume": [sys.executable, "-c", DUCKDB],
            "deciding order-volume": [sys.executable, "-c", DECIDE, "order-volume"],
            "deciding rfm": [sys.executable, "-c", DECIDE, "rfm"],
            "deciding all schemes": [sys.executable, "-c", DECIDE],
            "grade run, order-volume": [*run, "--scheme", "order-volume"],
        }
        taken: dict[str, list[tuple[float, int]]] = {}
        for turn in range(rounds + 1):
            for label, command in tasks.items():
                found = measured(command, env)
                if turn:  # the first round fills caches
                    taken.setdefault(label, []).append(found)
        tell(rounds, taken)


DECIDE = f"""
import sys
from cskit.app import App
from cskit.terminal.options import Options
from cskit_grading.deciding import decide
outcome = decide(App(Options(now="{NOW}")), sys.argv[1:] or None, settle=lambda name, found: {{
    own: one.code for own, one in found.items()
}}, keep=False)
"""


def tell(rounds: int, taken: dict[str, list[tuple[float, int]]]) -> None:
    """Print the medians, and each beside DuckDB and beside decoding."""
    print(f"{CUSTOMERS:,} customers, {ORDERS:,} orders; medians of {rounds} interleaved runs")
    medians = {label: statistics.median(seconds for seconds, _mb in found) for label, found in taken.items()}
    decoding, duckdb = medians["decoding the files"], medians["DuckDB, order-volume"]
    for label, seconds in medians.items():
        memory = max(mb for _seconds, mb in taken[label])
        beside = f"{seconds / duckdb:5.2f}× DuckDB  {seconds / decoding:5.2f}× decoding"
        print(f"{label:24} {seconds:6.2f} s CPU  {memory:5} MB  {beside}")


if __name__ == "__main__":
    main()

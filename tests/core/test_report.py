"""`cskit report`: sections from plugins, checked, sorted; as lines, rows, records and as a page."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from cskit import report
from cskit.app import App
from cskit.config.settings import Settings
from cskit.declarations import Period
from cskit.display.output import Column
from cskit.display.wrapping import cells
from cskit.errors import CskitError, NotFound, PluginFailed, Usage
from cskit.intervals import Interval
from cskit.records.masks import HIDDEN, Mask
from cskit.sections import Figure, Group, Section, Table, count
from cskit.terminal.options import Options
from cskit.testing import run

NOW = "2026-11-28T10:00"  # in Asia/Shanghai
DAY = dt.date
OCTOBER = Period(DAY(2026, 10, 1), DAY(2026, 10, 31))
LATE = Figure(
    "on-time",
    "On time",
    Decimal("66.7"),
    3,
    "case",
    lambda: ("CP-1", "CP-2", "CP-3"),
    unit="%",
    hits=lambda: ("CP-1", "CP-3"),
    interval=Interval(20.77, 93.88),
    few=True,
    note="worse than September",
)
NOTHING = Figure("median", "Median", None, 0, "case", lambda: (), unit="h")
BARS = Group(
    [count("leaks", "渗漏水", ["CP-1", "CP-2"], "case"), count("noise", "Noise", ["CP-3"], "case")],
    "by-category",
    "By category",
    drawn=True,
)
TABLE = Table(
    "Who waits",
    (Column("id", "ID"), Column("name", "名称"), Column("sum", "Sum", "right", "decimal")),
    [
        {"id": "C-1", "name": "晨屿", "sum": Decimal("1234.50")},
        {"id": "C-2", "name": "Acme", "sum": Decimal(7)},
    ],
)
CASES = Section(
    "cases", "Cases", [Group([count("received", "Received", ["CP-1"], "case"), LATE, NOTHING]), BARS]
)


def section(name: str = "cases", *figures: Figure) -> Section:
    """Return a section of some figures."""
    return Section(name, name.title(), [Group(figures)])


@pytest.fixture
def installed(plugin):
    """Return a plugin that gives `CASES` with a table, whatever it is asked for."""
    return {"cases": plugin(report_sections=lambda: [CASES._replace(tables=[TABLE])])}


def app_of(installed, **options) -> App:
    """Return an App at `NOW` with some plugins."""
    return App(Options(now=NOW, **options), settings=Settings(), installed=installed)


# --- which days ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("month", "first", "last", "expected"),
    [
        (None, None, None, (DAY(2026, 11, 1), DAY(2026, 11, 30))),
        ("2026-10", None, None, OCTOBER),
        ("2024-02", None, None, (DAY(2024, 2, 1), DAY(2024, 2, 29))),
        (None, "2026-10-05", None, (DAY(2026, 10, 5), DAY(2026, 11, 28))),
        (None, "2026-10-05", "2026-10-05", (DAY(2026, 10, 5), DAY(2026, 10, 5))),
    ],
    ids=["this-month", "month", "february", "until-today", "one-day"],
)
def test_days(month, first, last, expected):
    """A month, this one without a word, or from one day to another."""
    assert tuple(report.days(app_of({}), month, first, last)) == tuple(expected)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--month 2026", "--month: '2026' is no month"),
        ("--month 2026-10-01", "--month: '2026-10-01' is no month"),
        ("--month 2026-13", "--month: '2026-13' is no month"),
        ("--month 2026-10..2026-11", "--month: '2026-10..2026-11' is no month"),
        ("--month 2026-12", "2026-12-01 has not come yet: today is 2026-11-28"),
        ("--month 2026-10 --from 2026-10-01", "--month and --from, --to exclude each other"),
        ("--to 2026-10-31", "--to needs --from"),
        ("--from soon", "--from soon: "),
        ("--from 2026-10-31 --to 2026-10-01", "--to 2026-10-01 is before --from 2026-10-31"),
        ("--ids -o html", "--ids lists records, no page"),
        ("--fields title -o html", "--fields: a page has no fields to choose from"),
    ],
)
def test_wrong_usage(installed, words, said):
    """What cannot be done is said in a line, exit 2, and nothing is written."""
    done = run(f"report --now {NOW} {words}", plugins=installed)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"cskit: {said}")


# --- collecting ---------------------------------------------------------------------------------------------


def test_plugins_are_told_which_days(plugin):
    """A plugin is given the app and the days; sections are sorted by name, whoever they are from."""
    asked = []

    def zoo(app, period):
        asked.append((app, period))
        return [section("b"), section("z")]

    app = app_of(
        {"zoo": plugin(report_sections=zoo), "other": plugin(report_sections=lambda: [section("c")])}
    )
    found = report.collect(app, OCTOBER)
    assert asked == [(app, OCTOBER)]
    assert [(one.plugin, one.value.name) for one in found.sections] == [
        ("zoo", "b"),
        ("other", "c"),
        ("zoo", "z"),
    ]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("soon", "expected Section, not str"),
        (section("Not a name"), "a section needs a name and a title"),
        (Section("x", " ", []), "a section needs a name and a title"),
        (Section("x", "X", 7), "section 'x': 7 is no list of groups"),
        (Section("x", "X", [LATE]), "is no group with a list of figures"),
        (Section("x", "X", [Group(iter([LATE]))]), "is no group with a list of figures"),
        (Section("x", "X", [Group([], 7)]), "is no group with a list of figures"),
        (Section("x", "X", [Group([7])]), "figure 7: expected Figure, not int"),
        (section("x", LATE, LATE), "figure 'on-time': it is there twice"),
        (section("x", LATE._replace(about="")), "it needs a name, a title, and the noun of its records"),
        (section("x", LATE._replace(value="7")), "figure 'on-time': '7' is no number"),
        (section("x", LATE._replace(value=True)), "figure 'on-time': True is no number"),
        (section("x", LATE._replace(n=-1)), "-1 is no number of records"),
        (section("x", LATE._replace(ids=("CP-1",))), "ids and hits are functions"),
        (Section("x", "X", [], [7]), "section 'x': a table needs a title"),
    ],
)
def test_a_plugin_with_a_bad_section_is_left_out(plugin, capsys, bad, said):
    """Its sections are left out as a whole, it is named, and other plugins' are there."""
    app = app_of(
        {
            "a": plugin(report_sections=lambda: [section("s"), bad]),
            "b": plugin(report_sections=lambda: [CASES]),
        }
    )
    assert [one.plugin for one in report.collect(app, OCTOBER).sections] == ["b"]
    err = capsys.readouterr().err
    assert err.startswith("cskit: plugin a is broken: cskit_report_sections: ")
    assert said in err


def test_two_sections_of_one_name_are_left_out(plugin, capsys):
    """Nobody has it, and both are named."""
    app = app_of({"a": plugin(report_sections=lambda: [CASES]), "b": plugin(report_sections=lambda: [CASES])})
    assert report.collect(app, OCTOBER).sections == []
    assert (
        capsys.readouterr().err
        == "cskit: plugins a and b declare the same section 'cases'; none of them has it\n"
    )


@pytest.mark.parametrize(
    ("only", "names"),
    [
        (["cases"], ["received", "on-time", "median", "by-category.leaks", "by-category.noise"]),
        (["cases.on-time"], ["on-time"]),
        (["cases.by-category"], ["by-category.leaks", "by-category.noise"]),
        (["cases.by-category.noise", "cases.median"], ["median", "by-category.noise"]),
    ],
)
def test_only(installed, only, names):
    """A section, a group or a figure is asked for by its name."""
    found = report.collect(app_of(installed), OCTOBER, only)
    assert [row["figure"] for row in report.rows(found)] == names


def test_only_what_there_is(installed):
    """A name that there is not is an error with the nearest one."""
    with pytest.raises(NotFound, match=r"the report has no 'cases\.ontime'") as caught:
        report.collect(app_of(installed), OCTOBER, ["cases.ontime"])
    assert caught.value.hint == "did you mean 'cases.on-time'?"


# --- the command --------------------------------------------------------------------------------------------

SHOWN = """\
Customer service report  2026-10-01 – 2026-10-31

Cases
────────────────────────────────────────────────────────────
  Received       1
  On time   66.7 %  20.8 – 93.9  n=3  few answers; worse than September
  Median         –               n=0

  By category
  渗漏水  ███████████████████████████████████████████████  2
  Noise   ███████████████████████▌                         1

  Who waits
  ID   名称       Sum
  C-1  晨屿  1,234.50
  C-2  Acme         7
"""


def test_what_people_see(installed):
    """Figures in columns, bars and tables, aligned by the cells that characters take."""
    assert run(f"report --now {NOW} --month 2026-10", plugins=installed) == (0, SHOWN, "")


def test_plain_characters(installed):
    """--ascii draws with # and -."""
    done = run(f"report --now {NOW} --month 2026-10 --only cases.by-category --ascii", plugins=installed)
    assert done.stdout.splitlines()[3:] == [
        "-" * 60,
        "  By category",
        f"  渗漏水  {'#' * 47}  2",
        f"  Noise   {'#' * 24}{' ' * 23}  1",
    ]


def test_a_month_that_is_not_over(installed):
    """It says as of when."""
    done = run(f"report --now {NOW}", plugins=installed, lang="zh")
    assert done.stdout.splitlines()[0] == "客户服务报告  2026-11-01 – 2026-11-30，截至 2026-11-28 10:00"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("columns", ["40", "80"])
def test_lines_fit_the_terminal(plugin, lang, columns):
    """Long Chinese titles are shortened, by cells; figures never."""
    long = [
        count(f"f{place}", "客户对上门维修人员服务态度的总体评价" * 3, ["CP-1"], "case") for place in (1, 2)
    ]
    chart = Group(long, "chart", "图", drawn=True)
    installed = {"x": plugin(report_sections=lambda: [Section("x", "X", [Group(long), chart])])}
    done = run(f"report --now {NOW} --month 2026-10", plugins=installed, lang=lang, env={"COLUMNS": columns})
    lines = done.stdout.splitlines()[2:]
    assert max(map(cells, lines)) <= int(columns)
    assert all(line.endswith("1") for line in lines if "…" in line)


def test_what_programs_get(installed):
    """A row for each figure, the same in every language, without what is not known."""
    done = run(f"report --now {NOW} --month 2026-10 --only cases -o json", plugins=installed, lang="zh")
    rows = json.loads(done.stdout)
    assert rows[1] == {
        "section": "cases",
        "figure": "on-time",
        "title": "On time",
        "value": 66.7,
        "unit": "%",
        "low": 20.8,
        "high": 93.9,
        "n": 3,
        "note": "答卷较少；worse than September",
    }
    assert rows[2] == {"section": "cases", "figure": "median", "title": "Median", "unit": "h", "n": 0}
    assert rows[3]["figure"] == "by-category.leaks"


def test_a_figure_leads_to_its_records(installed):
    """--ids has a row for each record; of a share it says which it counts."""
    done = run(
        f"report --now {NOW} --ids -o jsonl --only cases.on-time,cases.by-category.noise", plugins=installed
    )
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"section": "cases", "figure": "on-time", "about": "case", "id": "CP-1", "counts": True},
        {"section": "cases", "figure": "on-time", "about": "case", "id": "CP-2", "counts": False},
        {"section": "cases", "figure": "on-time", "about": "case", "id": "CP-3", "counts": True},
        {"section": "cases", "figure": "by-category.noise", "about": "case", "id": "CP-3"},
    ]


def test_records_are_looked_up_only_where_asked_for(plugin):
    """What a figure does not need costs nothing; a plugin that cannot name them is named, exit 6."""

    def fails():
        raise RuntimeError("lost")

    installed = {"x": plugin(report_sections=lambda: [section("x", LATE._replace(ids=fails))])}
    for form in ("table", "json", "html"):
        assert run(f"report --now {NOW} -o {form}", plugins=installed).exit_code == 0
    done = run(f"report --now {NOW} --ids -o jsonl", plugins=installed)
    assert (done.exit_code, done.stdout) == (6, "")
    assert "the records behind on-time cannot be named: RuntimeError: lost" in done.stderr
    with pytest.raises(PluginFailed):
        list(report.records(app_of(installed), report.collect(app_of(installed), OCTOBER)))


def test_an_error_of_ours_passes(plugin):
    """What a plugin says in an error of cskit's own is said as it is."""

    def gone():
        raise Usage("no rule", "write one")

    installed = {"x": plugin(report_sections=lambda: [section("x", LATE._replace(ids=gone))])}
    app = app_of(installed)
    with pytest.raises(CskitError, match="no rule"):
        list(report.records(app, report.collect(app, OCTOBER)))


def test_nothing_to_report():
    """Without a plugin that has a say there is a title, and it is said."""
    done = run(f"report --now {NOW} -o json", plugins={})
    assert done == (0, "[]\n", "no loaded plugin has anything to report\n")


# --- the page -----------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """The tags, attributes and texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[tuple[str, str]] = set()
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {(tag, name) for name, _value in attrs}

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data.strip())


def page_of(installed, lang="en", words="--month 2026-10") -> str:
    """Return the page of October."""
    done = run(f"report --now {NOW} {words} -o html", plugins=installed, lang=lang)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def test_the_page(installed):
    """Sections, figures with their words, bars to scale, tables; the same bytes each time."""
    page = page_of(installed)
    assert page == page_of(installed)
    texts = Page(page).texts
    start = texts.index("Cases")
    assert texts[start:] == [
        *("Cases", "Received", "1", "On time", "66.7 %", "20.8 – 93.9", "n=3"),
        *("few answers; worse than September", "Median", "–", "n=0"),
        *("By category", "渗漏水", "2", "Noise", "1"),
        *("Who waits", "ID", "名称", "Sum", "C-1", "晨屿", "1,234.50", "C-2", "Acme", "7"),
        "The records behind each figure: cskit report --from 2026-10-01 --to 2026-10-31 --ids",
    ]
    assert '<rect width="1000" height="100"/>' in page
    assert '<rect width="500" height="100"/>' in page


def test_intervals_are_drawn(plugin):
    """A bar that has an interval shows from where to where; nothing leaves the picture."""
    figures = [LATE, LATE._replace(name="below", value=-20.04, interval=Interval(-60.0, 130.0))]
    drawn = Section("x", "X", [Group(figures, drawn=True, most=100)])
    page = page_of({"x": plugin(report_sections=lambda: [drawn])})
    assert '<rect width="667" height="100"/><line x1="208" y1="50" x2="939" y2="50"/>' in page
    assert '<rect width="0" height="100"/><line x1="0" y1="50" x2="1000" y2="50"/>' in page
    assert "-20.0 %" in page


def test_the_page_asks_nobody_for_anything(installed):
    """No script, link, image, handler; a policy that knows the style sheet by its hash; print, dark."""
    import base64
    import hashlib

    page = page_of(installed)
    for word in (
        "<script",
        "<link",
        "<img",
        "url(",
        "http:",
        "https:",
        "@import",
        "javascript",
        " on",
        "style=",
    ):
        assert word not in page.replace(" one", "").replace(" only", "").replace("Received on", "")
    style = page.partition("<style>")[2].partition("</style>")[0]
    stamp = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{stamp}'; base-uri 'none'; form-action 'none'" in page
    for word in ("@media print", "prefers-color-scheme: dark", "size: A4", '<html lang="en">'):
        assert word in page
    assert '<html lang="zh-CN">' in page_of(installed, lang="zh")


PAYLOADS = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</td></table><script>alert(1)</script>",
    "</section></body></html><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=//evil.example/p.gif>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<rect onclick=alert(1)>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=//evil.example></object>",
    "<embed src=//evil.example>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='//evil.example'>x</a>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<link rel=stylesheet href=//evil.example>",
    "<style>@import url(//evil.example)</style>",
    "<form action=//evil.example><input autofocus onfocus=alert(1)></form>",
    "<video><source onerror=alert(1)></video>",
    "<details open ontoggle=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<template><script>alert(1)</script></template>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "` onmouseover=alert(1) `",
    "<!--><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\x1b[31m<b>red</b>\x07\x00",
    "\u202e<script>\u2028alert(1)\u2029</script>",
    "{{constructor.constructor('alert(1)')()}}",
)


def nasty(text: str) -> Section:
    """Return a section with a text wherever one may stand."""
    figure = LATE._replace(title=text, unit=text, note=text)
    table = Table(text, (Column("a", text), Column("b", text, "right")), [{"a": text, "b": text}])
    groups = [Group([figure]), Group([figure], "drawn", text, drawn=True)]
    return Section("nasty", text, groups, [table])


@pytest.mark.parametrize("text", PAYLOADS, ids=range(len(PAYLOADS)))
def test_no_text_becomes_markup(plugin, text):
    """Whatever a record holds: no tag, no attribute, no control character of it arrives, and it is there."""
    plain = Page(page_of({"x": plugin(report_sections=lambda: [nasty("harmless")])}))
    page = page_of({"x": plugin(report_sections=lambda: [nasty(text)])})
    found = Page(page)
    assert found.tags == plain.tags
    assert found.attributes == plain.attributes
    assert not {"\x00", "\x1b", "\x07", "\u202e", "\u2028"} & set(page)
    assert len(found.texts) == len(plain.texts)
    assert not any(name.startswith("on") for _tag, name in found.attributes)


@pytest.mark.parametrize("form", ["table", "md"])
def test_escapes_do_not_reach_the_terminal(plugin, form):
    """Whatever a record holds, it is shown as signs, and stays on its line."""
    installed = {"x": plugin(report_sections=lambda: [nasty("a\x1b[31m\nb\x9b\u202e")])}
    done = run(f"report --now {NOW} --month 2026-10 -o {form}", plugins=installed)
    assert not set(done.stdout) & set("\x1b\x07\x9b\u202e\r")
    assert done.stdout.count("⏎" if form == "table" else "<br>") >= 3


def test_personal_data_are_masked(plugin):
    """A column with a mask shows it in the terminal and on the page, without --reveal."""
    columns = (Column("id", "ID"), Column("phone", "Phone", mask=Mask()))
    table = Table("People", columns, [{"id": "C-1", "phone": "13812340577"}])
    installed = {"x": plugin(report_sections=lambda: [Section("x", "X", [], [table])])}
    for form in ("table", "html"):
        shown = run(f"report --now {NOW} -o {form}", plugins=installed).stdout
        assert HIDDEN in shown
        assert "13812340577" not in shown

"""Exports of questionnaire services, in the forms that those write, read without a word of ours."""

# ruff: noqa: E501 - lines as the services write them

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cskit.errors import BadRows, NotFound, Problem, Usage
from cskit.intake import tabular
from cskit_surveys import layouts
from cskit_surveys.answerfiles import Reader, Said
from cskit_surveys.columns import Columns
from cskit_surveys.course import Course
from cskit_surveys.layouts import Layout
from tests.plugins.surveys.samples import course

SHIPPED = {
    path.stem: msgspec.convert(tomllib.loads(path.read_text("utf-8")), Layout, strict=True)
    for path in (Path(layouts.__file__).parent / "rules" / "answer-layouts").glob("*.toml")
}
WHOLE = {"came": "yes", "manner": 4, "overall": 5, "recommend": 9, "kinds": ["part", "use"], "words": "谢谢"}
"""What the row says in every form; a file whose service has no column for one of them leaves it out."""

FORMS = {
    "wenjuanxing": """\
序号,提交答卷时间,所用时间,来源,来源详情,来自IP,1、您的编号,2、是否上门？,3、态度如何？,4、噪音大吗？,\
5、总体如何？,6、是否推荐？,7、涉及什么？,8、花费多少？,10、其他意见？
1,2026/11/20 9:30:05,65秒,微信,无,10.0.0.1(本地),C-000001,是,好,(跳过),很好,9,配件〖接头〗┋使用,(空),谢谢
""",
    "wenjuanxing, by number": """\
序号,提交答卷时间,所用时间,来源,来源详情,来自IP,1、编号,2、是否上门？,3、态度如何？,4、噪音大吗？,\
5、总体如何？,6、是否推荐？,第7题(配件),第7题(使用),第7题(其他),10、其他意见？
1,2026/11/20 9:30:05,65秒,微信,无,10.0.0.1(本地),C-000001,1,4,-3,5,9,1,1,0,谢谢
""",
    "tencent": """\
编号,开始答题时间,结束答题时间,答题时长,语言,清洗数据结果,地理位置国家和地区,地理位置省,地理位置市,自定义字段,\
1.是否上门？,2.态度如何？,4.总体如何？,5.是否推荐？,6.涉及什么？:配件,6.涉及什么？:使用,6.涉及什么？:其他,9.其他意见？
7,20-Nov-2026 09:29:00,20-Nov-2026 09:30:05,65,简体中文,有效,中国,上海,上海,C-000001,\
A.是,D.好,E.很好,9,A.配件,B.使用,,谢谢
""",
    "jinshuju": """\
是否上门？,态度如何？,总体如何？,是否推荐？,涉及什么？,其他意见？,编号,提交人,提交时间,修改时间,填写设备,操作系统,浏览器,IP
是,好,很好,9,"配件，使用",谢谢,C-000001,匿名,2026-11-20 09:30:05,2026-11-20 09:30:05,手机,iOS,微信,10.0.0.1
""",
    "limesurvey": """\
id,submitdate,lastpage,startlanguage,seed,token,came,manner,noise,overall,recommend,kinds[part],kinds[use],kinds[other],words
3,2026-11-20 09:30:05,4,en,77,C-000001,yes,4,,5,9,Y,Y,,谢谢
""",
    "limesurvey, texts": """\
"Response ID","Date submitted","Last page","Start language","Seed","Access code","Did somebody come?",\
"How was the manner?","How noisy was it?","All in all?","Would you recommend us?","What was it about? [A part]",\
"What was it about? [Use]","What was it about? [Something, else]","Anything else?"
3,"2026-11-20 09:30:05",4,en,77,C-000001,Yes,good,N/A,very good,9,Yes,Yes,No,谢谢
""",
    "google-forms": """\
Timestamp,ID,Did somebody come?,About us [How was the manner?],About us [All in all?],Would you recommend us?,\
What was it about?,Anything else?
11/20/2026 9:30:05,C-000001,Yes,good,very good,9,"A part, Use",谢谢
""",
    "google-forms, downloaded": """\
时间戳记,编号,是否上门？,态度如何？,总体如何？,是否推荐？,涉及什么？,其他意见？
2026/11/20 9:30:05 上午 GMT+8,C-000001,是,4,5,9,配件;使用,谢谢
""",
    "microsoft-forms": """\
ID,Start time,Completion time,Email,Name,Respondent,Did somebody come?,How was the manner?,All in all?,\
Would you recommend us?,What was it about?,Anything else?
1,11/20/26 9:29:00,11/20/26 9:30:05,anonymous,,C-000001,Yes,good,very good,9,A part;Use;,谢谢
""",
    "surveymonkey": """\
Respondent ID,Collector ID,Start Date,End Date,IP Address,Custom Data 1,Did somebody come?,Please rate us,,\
Would you recommend us?,What was it about?,,,Anything else?
,,,,,,Response,How was the manner?,All in all?,Response,A part,Use,"Something, else",Open-Ended Response
11,4,11/20/2026 09:29:00 AM,11/20/2026 09:30:05 AM,10.0.0.1,C-000001,Yes,good,very good,9,A part,Use,,谢谢
""",
    "qualtrics": """\
StartDate,EndDate,Status,IPAddress,Progress,Finished,RecordedDate,ResponseId,ExternalReference,UserLanguage,\
Q7,Q3_1,Q3_2,Q4,Q9_1,Q9_2,Q9_4,Q12
Start Date,End Date,Response Type,IP Address,Progress,Finished,Recorded Date,Response ID,External Data Reference,\
User Language,Did somebody come?,Please rate us - How was the manner?,Please rate us - All in all?,\
Would you recommend us?,What was it about? - Selected Choice - A part,What was it about? - Selected Choice - Use,\
"What was it about? - Selected Choice - Something, else",Anything else?
"{""ImportId"":""startDate""}",,,,,,,,,,,,,,,,,
2026-11-20 09:29:00,2026-11-20 09:30:05,IP Address,10.0.0.1,100,True,2026-11-20 09:30:05,R_1,C-000001,EN,\
Yes,good,very good,9,A part,Use,,谢谢
""",
    "kobo": """\
start,end,who,introduction,section_visit/came,section_visit/manner,section_whole/overall,section_whole/recommend,\
section_whole/kinds,section_whole/kinds/part,section_whole/kinds/use,section_whole/kinds/other,section_whole/words,\
__version__,_id,_uuid,_submission_time,_validation_status,_notes,_status,_submitted_by,_tags,_index
2026-11-20T09:29:00+08:00,2026-11-20T09:30:05.120+08:00,C-000001,,yes,4,5,9,part use,1,1,0,谢谢,\
v1,7,u-1,2026-11-20T01:31:00,,,submitted_via_web,S-009,,1
""",
    "odk": """\
SubmissionDate,start,end,who,section_visit-came,section_visit-manner,section_whole-overall,section_whole-recommend,\
section_whole-kinds,section_whole-words,meta-instanceID,KEY,SubmitterID,SubmitterName,AttachmentsPresent,\
AttachmentsExpected,Status,ReviewState,DeviceID,Edits,FormVersion
2026-11-20T01:31:00.000Z,2026-11-20T09:29:00.000+08:00,2026-11-20T09:30:05.000+08:00,C-000001,yes,4,5,9,\
part use,谢谢,uuid:1,uuid:1,5,S-009,0,0,,,,0,1
""",
}


def read(text: str, columns: Columns, name: str = "answers.csv") -> list[Said]:
    """Return what the rows of a file say."""
    problems: list[Problem] = []
    rows = tabular.read_rows(text.encode(), name, problems=problems, knows=columns.knows, heads=columns.heads)
    reader, said = Reader(course(), columns), []
    for count, row in enumerate(rows):
        if not count:
            columns.check(list(row.cells))
        said.append(reader.read(row.line, row.cells))
    if problems:
        raise BadRows(problems, name)
    return said


def columns(told: str = "", mapping: dict[str, str] | None = None) -> Columns:
    """Return the columns of a file of answers to the small questionnaire."""
    return Columns(Course(course().asked).asked, mapping, SHIPPED, told)


@pytest.mark.parametrize("name", FORMS)
def test_every_service_is_known_by_its_headings(name: str) -> None:
    """Whose answers, when, and every answer are found; none of the service's own columns is left over."""
    found = columns()
    (said,) = read(FORMS[name], found)
    assert said.problems == []
    assert found.layout is SHIPPED[name.split(",")[0]]
    assert said.answers == WHOLE
    assert said.about["who"] == "C-000001"
    assert ("09:30:05" in said.about["at"]) or said.about["at"].endswith(("9:30:05", "GMT+8", "AM"))
    assert found.unused == {}


def test_every_layout_shipped_is_tried() -> None:
    """None without a file in its form."""
    assert {name.split(",")[0] for name in FORMS} == set(SHIPPED)


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("20-Nov-2026 09:30:05", "20-Nov-2026 09:30:05"),
        ("2026/11/20 3:03:10 下午 GMT+8", "2026/11/20 3:03:10 PM +0800"),
        ("2026/11/20 3:03:10 PM UTC-3:30", "2026/11/20 3:03:10 PM -0330"),
    ],
)
def test_points_in_time_of_services(text: str, read_as: str) -> None:
    """Halves of the day and offsets become what strptime knows."""
    assert layouts.moment(text) == read_as


def test_numbers_of_a_service_that_asks_more() -> None:
    """Its question 7 is our sixth, as the headings with texts show; where they disagree, none is guessed."""
    text = FORMS["wenjuanxing, by number"]
    mixed = text.replace("2、是否上门？", "1、是否上门？").replace("1、编号", "编号")
    found = columns()
    (said,) = read(mixed, found)
    assert "kinds" not in said.answers
    assert list(found.unused) == ["第7题(配件)", "第7题(使用)", "第7题(其他)"]


def test_without_a_layout_numbers_are_the_questionnaires() -> None:
    """A file typed by hand counts our questions."""
    found = columns()
    (said,) = read("who,1,4\nC-000001,yes,5\n", found)
    assert (said.answers, found.layout) == ({"came": "yes", "overall": 5}, None)


def test_a_layout_can_be_named_or_forbidden() -> None:
    """With "none" a heading such as 编号 keeps its own meaning; a name that nobody knows is refused."""
    text = "编号,开始答题时间,结束答题时间,1.是否上门？\nC-000001,a,2026-11-20 10:00,是\n"
    (said,) = read(text, columns("none"))
    assert said.about["who"] == "C-000001"
    with pytest.raises(Usage, match=r"^no column says whose answers these are$"):
        read(text, columns())
    with pytest.raises(NotFound, match=r"^there is no layout 'wjx'$"):
        columns("wjx")


def test_the_column_that_says_whose(tmp_path: Path) -> None:
    """Of several that may say it, the questionnaire's own column goes before the service's."""
    text = (
        FORMS["tencent"]
        .replace("自定义字段,", "自定义字段,0.编号,")
        .replace(",C-000001,A.", ",from-link,C-000002,A.")
    )
    (said,) = read(text, columns())
    assert said.about["who"] == "C-000002"
    (said,) = read(text.replace("C-000002", ""), columns())
    assert said.about["who"] == "from-link"


@pytest.mark.parametrize(
    ("cell", "chosen"),
    [
        ("Something, else, A part", ["part", "other"]),
        ("配件｜其他", ["part", "other"]),
        ("A.配件┋C.其他〖阀门(旧)〗", ["part", "other"]),
        ("use part", ["part", "use"]),
        ("part;", ["part"]),
    ],
)
def test_several_options_in_one_cell(cell: str, chosen: list[str]) -> None:
    """Whatever stands between them, also a comma where a label holds one."""
    (said,) = read(f'who,kinds\nC-1,"{cell}"\n', columns())
    assert (said.answers, said.problems) == ({"kinds": chosen}, [])


def test_rows_of_json_are_known_too() -> None:
    """Kobo's API gives objects whose keys are its headings."""
    row: dict[str, Any] = {
        "who": "C-1",
        "section_visit/came": "no",
        "_id": 7,
        "_submission_time": "2026-11-20",
    }
    found = columns()
    (said,) = read(msgspec.json.encode([row]).decode(), found, "answers.json")
    assert (said.answers, found.layout) == ({"came": "no"}, SHIPPED["kobo"])


def test_a_second_line_that_cannot_be_split(tmp_path: Path) -> None:
    """The mistake is named by its line, as everywhere."""
    with pytest.raises(BadRows) as caught:
        read('who,came\nC-1,no\nC-2,"no" x\n', columns())
    assert [problem.line for problem in caught.value.problems] == [3]

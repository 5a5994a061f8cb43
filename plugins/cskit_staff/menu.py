"""What the plugin declares of people and of what is noted of them. Imports hook names only."""

from __future__ import annotations

from cskit import ActionSpec, Command, Narrowing, RecordType, RuleKind

_AT = "cskit_staff.commands"
COMMANDS: tuple[Command, ...] = (
    Command(
        "staff conduct confirm",
        "Confirm rewards and penalties that somebody else proposed.",
        f"{_AT}.conduct:confirm",
    ),
    Command(
        "staff conduct refuse",
        "Refuse rewards and penalties that somebody else proposed.",
        f"{_AT}.conduct:refuse",
    ),
    Command("staff headcount", "Count planned, actual and open posts.", f"{_AT}.organisation:headcount"),
    Command(
        "staff organisation list",
        "List the organisations to begin with.",
        f"{_AT}.organisation:list_patterns",
    ),
    Command(
        "staff organisation show",
        "Show the positions of an organisation to begin with.",
        f"{_AT}.organisation:show_pattern",
    ),
    Command(
        "staff organisation use",
        "Add the positions of an organisation to ours, as one change.",
        f"{_AT}.organisation:use_pattern",
    ),
    Command(
        "staff position show",
        "Show positions in full; -o html prints their job sheets.",
        f"{_AT}.organisation:show",
    ),
    Command(
        "staff tree",
        "Draw the organisation: positions below each other, planned and actual headcount.",
        f"{_AT}.organisation:tree",
    ),
)

_VERBS = ("add", "list", "show", "set", "remove", "import", "export", "count", "schema")
_MODEL, _LEARNING = "cskit_staff.model", "cskit_staff.learning"
RECORD_TYPES: tuple[RecordType, ...] = (
    RecordType(
        command="staff",
        table="staff",
        model=f"{_MODEL}:Staff",
        number="S-{:03d}",
        singular="staff member",
        plural="staff",
        zh="员工",
        title="name",
        columns=("id", "name", "position", "rank", "group", "superior", "hired", "state"),
        prepare="cskit_staff.entering:staff",
        titles="cskit_staff.entering:titles",
    ),
    RecordType(
        command="staff position",
        table="positions",
        model=f"{_MODEL}:Position",
        number="PO-{:03d}",
        singular="position",
        plural="positions",
        zh="岗位",
        title="title",
        columns=("id", "title", "department", "superior", "headcount", "ladder", "scheme"),
        verbs=tuple(verb for verb in _VERBS if verb != "show"),
    ),
    RecordType(
        command="staff target",
        table="staff_targets",
        model=f"{_MODEL}:Target",
        number="TG-{:05d}",
        singular="target",
        plural="targets",
        zh="目标",
        title="measure",
        columns=("id", "measure", "period", "staff", "group", "department", "region", "plan", "actual"),
        prepare="cskit_staff.entering:targets",
        verbs=_VERBS,
    ),
    RecordType(
        command="staff attendance",
        table="staff_attendance",
        model=f"{_MODEL}:Attendance",
        number="AT-{:06d}",
        singular="attendance record",
        plural="attendance records",
        zh="考勤记录",
        title="staff",
        columns=("id", "staff", "month", "days_due", "days_present", "late", "leave"),
        verbs=_VERBS,
    ),
    RecordType(
        command="staff conduct",
        table="staff_conduct",
        model=f"{_MODEL}:Conduct",
        number="RP-{:05d}",
        singular="reward or penalty",
        plural="rewards and penalties",
        zh="奖惩记录",
        title="staff",
        columns=("id", "staff", "kind", "what", "on", "amount", "state", "proposed_by", "decided_by"),
        prepare="cskit_staff.entering:conduct",
        verbs=_VERBS,
        narrowed=(
            Narrowing("staff reward", "kind", "reward", "reward", "rewards", "奖励"),
            Narrowing("staff penalty", "kind", "penalty", "penalty", "penalties", "处罚"),
        ),
    ),
    RecordType(
        command="staff course",
        table="staff_courses",
        model=f"{_LEARNING}:Course",
        number="TC-{:04d}",
        singular="course",
        plural="courses",
        zh="培训课程",
        title="title",
        columns=("id", "title", "kind", "topic", "trainer", "on", "hours"),
        verbs=_VERBS,
    ),
    RecordType(
        command="staff training",
        table="staff_trainings",
        model=f"{_LEARNING}:Training",
        number="TR-{:05d}",
        singular="training record",
        plural="training records",
        zh="培训记录",
        title="course",
        columns=("id", "course", "staff", "state", "before", "after", "feedback"),
        verbs=_VERBS,
    ),
    RecordType(
        command="staff need",
        table="staff_needs",
        model=f"{_LEARNING}:Need",
        number="TN-{:05d}",
        singular="training need",
        plural="training needs",
        zh="培训需求",
        title="staff",
        columns=("id", "staff", "topic", "urgency", "source", "on"),
        prepare="cskit_staff.entering:needs",
        verbs=_VERBS,
    ),
    RecordType(
        command="staff question",
        table="staff_questions",
        model=f"{_LEARNING}:Question",
        number="QB-{:05d}",
        singular="question",
        plural="questions",
        zh="试题",
        title="text",
        columns=("id", "topic", "kind", "text", "points", "active"),
        verbs=_VERBS,
    ),
    RecordType(
        command="staff exam",
        table="staff_exams",
        model=f"{_LEARNING}:Exam",
        number="EX-{:04d}",
        singular="exam",
        plural="exams",
        zh="考试",
        title="title",
        columns=("id", "title", "on", "course", "topics", "pass_mark", "seed"),
        verbs=("list", "show", "set", "count", "export", "schema"),
    ),
    RecordType(
        command="staff exam sitting",
        table="staff_sittings",
        model=f"{_LEARNING}:Sitting",
        number="ES-{:05d}",
        singular="exam sitting",
        plural="exam sittings",
        zh="答卷记录",
        title="staff",
        columns=("id", "exam", "staff", "on", "score", "passed"),
        verbs=("list", "show", "count", "export", "schema"),
    ),
)
RULE_KINDS: tuple[RuleKind, ...] = (
    RuleKind(
        "organisations", "cskit_staff.patterns:Organisation", "Positions to begin an organisation with."
    ),
    RuleKind("staff-policies", "cskit_staff.policy:Policy", "What a department decides about its people."),
)
_CONDUCT = {
    "staff": "the id of the person",
    "what": "what it is for",
    "amount": "the amount, a Decimal of 0 or more in the department's currency",
    "on": "the day, today unless given",
    "about": "the id of the record that it is about, such as a case",
}
ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        name="staff.reward",
        meaning="Propose a reward, which a second person has to confirm, and return its id.",
        target="cskit_staff.conduct:reward",
        arguments=_CONDUCT,
    ),
    ActionSpec(
        name="staff.penalty",
        meaning="Propose a penalty, which a second person has to confirm, and return its id.",
        target="cskit_staff.conduct:penalty",
        arguments=_CONDUCT,
    ),
)

"""What can be done about requests, work orders, repairs, parts and deliveries, declared.

Imports hook names only.
"""

from __future__ import annotations

from cskit import ActionSpec, Command, RecordType, RuleKind

_JOBS = (
    ("request cancel", "Cancel requests for which nobody was sent.", "dispatches:cancel_request"),
    (
        "dispatch propose",
        "Propose who goes: the original engineer, how urgent it is, what else they have that day.",
        "dispatches:propose",
    ),
    ("dispatch start", "Note that work orders are begun.", "dispatches:start"),
    ("dispatch close", "Close work orders, with what came out.", "dispatches:close"),
    ("dispatch cancel", "Cancel work orders.", "dispatches:cancel"),
    (
        "dispatch overlaps",
        "List work orders of an engineer that lie in the same time.",
        "dispatches:overlaps",
    ),
    (
        "dispatch flow",
        "Show which states a work order can have, and what leads from one to another.",
        "dispatches:flow",
    ),
    (
        "dispatch handover new",
        "Hand the open work orders of a shift over to somebody, who then signs.",
        "handovers:new",
    ),
    ("dispatch handover sign", "Sign for a shift, and take its open work orders over.", "handovers:sign"),
    (
        "service-record stats",
        "Show how many services were entered on the same day, late, or not at all.",
        "servicerecords:stats",
    ),
    (
        "service-record missing",
        "List services that nobody entered yet, the longest overdue first.",
        "servicerecords:missing",
    ),
)
_REPAIRS = (
    ("repair start", "Note that repairs are begun, and by whom.", "repairs:start"),
    ("repair parts", "Use spare parts for a repair, or put them back into stock.", "repairs:parts"),
    (
        "repair finish",
        "Finish a repair: cause, hours and parts; what it costs and what is charged follow.",
        "repairs:finish",
    ),
    ("repair rework", "Take repairs up again that the customer did not accept.", "repairs:rework"),
    (
        "repair sign-off",
        "Note that customers accepted their repairs; charges go to the ledger.",
        "repairs:sign_off",
    ),
    ("repair cancel", "Cancel repairs.", "repairs:cancel"),
    (
        "repair faults",
        "Count the repairs of a period by fault, cause, product or engineer.",
        "reports:faults",
    ),
    (
        "repair monthly",
        "Show a month of each repairer: jobs, hours, on time, first-time fix, satisfaction.",
        "reports:monthly",
    ),
    (
        "repair flow",
        "Show which states a repair can have, and what leads from one to another.",
        "repairs:flow",
    ),
    ("return approve", "Approve returns and exchanges that somebody else took up.", "returns:approve"),
    ("return refuse", "Refuse returns and exchanges that somebody else took up.", "returns:refuse"),
    ("return receive", "Note that the goods are back, and in which condition.", "returns:receive"),
    ("return settle", "Settle returns with a refund, exchanges with a replacement.", "returns:settle"),
    ("return cancel", "Cancel returns and exchanges before the goods are here.", "returns:cancel"),
    ("return summary", "Sum up the returns and exchanges asked for in a period.", "returns:summary"),
    (
        "return flow",
        "Show which states a return can have, and what leads from one to another.",
        "returns:flow",
    ),
)
_PARTS = (
    ("part receive", "Put spare parts into stock.", "parts:receive"),
    ("part issue", "Take spare parts out of stock for a job.", "parts:issue"),
    ("part return", "Put spare parts back into stock that a job did not need.", "parts:return_"),
    ("part stocktake", "Book what was counted; a difference to the stock needs a reason.", "parts:stocktake"),
    ("part low", "List spare parts below their minimum.", "parts:low"),
)
_DELIVERIES = (
    ("delivery plan", "List the deliveries of some days: who goes along, which gift.", "deliveries:plan"),
    (
        "delivery message",
        "Write the message that tells a customer when the goods come.",
        "deliveries:message",
    ),
    ("delivery script", "Write what is said when the gift is handed over.", "deliveries:script"),
    ("delivery confirm", "Note that customers agreed to the hour.", "deliveries:confirm"),
    ("delivery deliver", "Note that goods were delivered, and with which gift.", "deliveries:deliver"),
    ("delivery cancel", "Cancel deliveries.", "deliveries:cancel"),
    (
        "delivery maintained",
        "Note that delivered goods were maintained; it is due again some months later.",
        "deliveries:maintained",
    ),
    (
        "delivery flow",
        "Show which states a delivery can have, and what leads from one to another.",
        "deliveries:flow",
    ),
)
COMMANDS: tuple[Command, ...] = tuple(
    Command(path, said, f"cskit_service.commands.{target}")
    for path, said, target in (*_JOBS, *_REPAIRS, *_PARTS, *_DELIVERIES)
)
_WITHOUT_MERGE = ("add", "list", "show", "set", "remove", "import", "export", "count", "schema")
_LOOKED_AT = ("list", "show", "export", "count", "schema")
RECORD_TYPES: tuple[RecordType, ...] = (
    RecordType(
        command="request",
        table="service_requests",
        model="cskit_service.jobs.model:Request",
        number="RQ-{:06d}",
        singular="service request",
        plural="service requests",
        zh="服务申请",
        title="subject",
        columns=("id", "subject", "customer", "kind", "received_at", "planned_at", "state"),
        verbs=_WITHOUT_MERGE,
        prepare="cskit_service.jobs.dispatching:prepare_request",
    ),
    RecordType(
        command="dispatch",
        table="service_dispatches",
        model="cskit_service.jobs.model:Dispatch",
        number="DP-{:06d}",
        singular="work order",
        plural="work orders",
        zh="派工单",
        title="request",
        columns=("id", "request", "subject", "engineer", "mode", "priority", "at", "state"),
        verbs=_WITHOUT_MERGE,
        prepare="cskit_service.jobs.dispatching:prepare_dispatch",
    ),
    RecordType(
        command="dispatch handover",
        table="service_handovers",
        model="cskit_service.jobs.model:Handover",
        number="DH-{:04d}",
        singular="shift handover",
        plural="shift handovers",
        zh="交接班记录",
        title="shift",
        columns=("id", "shift", "giver", "taker", "given_at", "taken_at", "state"),
        verbs=("list", "show", "remove", "export", "count", "schema"),
        sheets="cskit_service.jobs.handovers:sheets",
    ),
    RecordType(
        command="service-record",
        table="service_records",
        model="cskit_service.jobs.model:ServiceRecord",
        number="SV-{:06d}",
        singular="service record",
        plural="service records",
        zh="服务记录",
        title="dispatch",
        columns=("id", "dispatch", "what", "result", "engineer", "served_at", "entered_at", "due"),
        verbs=_WITHOUT_MERGE,
        prepare="cskit_service.jobs.servicerecords:prepare",
    ),
    RecordType(
        command="repair",
        table="repairs",
        model="cskit_service.repairs.model:Repair",
        number="RP-{:06d}",
        singular="repair",
        plural="repairs",
        zh="维修单",
        title="fault",
        columns=("id", "fault", "product", "customer", "engineer", "in_warranty", "due", "state"),
        verbs=_WITHOUT_MERGE,
        prepare="cskit_service.repairs.repairs:prepare",
        sheets="cskit_service.repairs.papers:sheets",
    ),
    RecordType(
        command="return",
        table="service_returns",
        model="cskit_service.repairs.model:Return",
        number="RT-{:06d}",
        singular="return",
        plural="returns",
        zh="退换货单",
        title="product",
        columns=("id", "product", "customer", "kind", "cause", "requested_at", "state"),
        verbs=_WITHOUT_MERGE,
        prepare="cskit_service.repairs.returns:prepare",
    ),
    RecordType(
        command="part",
        table="parts",
        model="cskit_service.stock.model:SparePart",
        number="SP-{:04d}",
        singular="spare part",
        plural="spare parts",
        zh="零部件",
        title="name",
        columns=("id", "key", "name", "stock", "measure", "minimum", "price", "place"),
        verbs=_WITHOUT_MERGE,
        prepare="cskit_service.stock.stock:prepare",
    ),
    RecordType(
        command="part movement",
        table="part_movements",
        model="cskit_service.stock.model:Movement",
        number="SM-{:06d}",
        singular="stock movement",
        plural="stock movements",
        zh="库存流水",
        title="part",
        columns=("id", "at", "part", "kind", "quantity", "balance", "job", "staff", "why"),
        verbs=_LOOKED_AT,
    ),
    RecordType(
        command="delivery",
        table="deliveries",
        model="cskit_service.deliveries.model:Delivery",
        number="DV-{:06d}",
        singular="delivery",
        plural="deliveries",
        zh="送货预约",
        title="customer",
        columns=("id", "customer", "goods", "at", "tier", "state", "gift", "maintenance_due"),
        verbs=_WITHOUT_MERGE,
        prepare="cskit_service.deliveries.deliveries:prepare",
        titles="cskit_service.deliveries.deliveryrules:titles",
        codes="cskit_service.deliveries.deliveryrules:codes",
    ),
)
RULE_KINDS: tuple[RuleKind, ...] = (
    RuleKind(
        "service-limits",
        "cskit_service.servicelimits:Limits",
        "Deadlines, warranty and other numbers for requests, repairs and the store room.",
    ),
    RuleKind(
        "delivery-service",
        "cskit_service.deliveries.deliveryrules:DeliveryService",
        "Who brings goods and gifts to which customer, and what is written and said.",
    ),
)
ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        name="repair.register",
        meaning="Register a repair and return its id.",
        target="cskit_service.repairs.repairs:register_one",
        arguments={
            "fault": "what is wrong",
            "customer": "the customer's id",
            "product": "the product",
            "serial": "its serial number",
            "bought": "the day on which it was bought",
            "case": "the id of the case that it came from",
            "engineer": "the staff id of who is to repair it",
            "description": "what the customer says",
        },
    ),
)

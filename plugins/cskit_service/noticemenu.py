"""What can be done about notices, service orders and invoices, declared. Imports hook names only."""

from __future__ import annotations

from cskit import ActionSpec, Command, RecordType, RuleKind

_STEPS = (
    ("process", "Begin to deal with notices; urgent ones are handled on the spot."),
    ("postpone", "Put notices off to a day that is still to come."),
    ("site-survey", "Note that notices were surveyed on site, and whether the head office has to help."),
    ("approve", "Approve that the head office is asked about notices; a supervisor who did not survey them."),
    ("refuse", "Refuse that the head office is asked about notices, and say why."),
    ("logistics", "Pass notices on to district logistics; refused without the payment state."),
    ("reply", "Note what the department answered about notices."),
    ("quote", "Make service orders of lines and prices for notices, which the customer has yet to answer."),
    ("agree", "Note that the customers of notices agree to the quotation."),
    ("decline", "Note that the customers of notices decline the quotation, and why."),
    ("parts", "Take spare parts from the stock for notices."),
    ("perform", "Note that the service of notices was performed, or that a visit did not finish it."),
    ("sign-off", "Note that the customers of notices signed off what was done."),
    ("delivered", "Note when the goods of notices reach the customer."),
    ("return-to-maker", "Note that the goods of notices went back to their maker."),
    ("open-case", "Open a case of each of some notices."),
    ("close", "Close notices, and schedule the call back."),
    ("invoice", "Make invoices of what customers agreed to and signed off."),
)
_LOOKS = (
    ("query", "List notices by state, number, type and day, with the columns one chooses."),
    ("plan", "Show the work plan: open notices by person and day, to be printed as well."),
    ("flow", "Show the ways of notices, or how far some have come and what is possible now."),
    ("print", "Print notices: the service sheet, the complaint sheet, or the contact sheet for others."),
    ("send", "Write a notice as a mail, marked urgent where it is."),
)
COMMANDS: tuple[Command, ...] = (
    *(
        Command(f"notice {verb}", said, f"cskit_service.commands.noticesteps:{verb.replace('-', '_')}")
        for verb, said in _STEPS
    ),
    *(
        Command(
            f"notice {verb}",
            said,
            f"cskit_service.commands.notices:{'print_' if verb == 'print' else verb}",
        )
        for verb, said in _LOOKS
    ),
)
RECORD_TYPES: tuple[RecordType, ...] = (
    RecordType(
        command="notice",
        table="service_notices",
        model="cskit_service.notices.model:Notice",
        number="SN-{:06d}",
        singular="service notice",
        plural="service notices",
        zh="服务通知单",
        title="description",
        columns=("id", "type", "description", "customer", "status", "system", "start", "staff"),
        verbs=("add", "list", "show", "set", "remove", "import", "export", "count", "schema"),
        prepare="cskit_service.notices.intake:prepare",
        titles="cskit_service.notices.intake:titles",
        codes="cskit_service.notices.intake:codes",
    ),
    RecordType(
        command="service-order",
        table="service_orders",
        model="cskit_service.notices.ordermodel:Order",
        number="ZFFW-{:05d}",
        singular="service order",
        plural="service orders",
        zh="服务销售订单",
        title="notice",
        columns=("id", "notice", "customer", "total", "state", "quoted_on", "valid_until", "decided_on"),
        verbs=("list", "show", "set", "export", "count", "schema"),
    ),
    RecordType(
        command="service-invoice",
        table="service_invoices",
        model="cskit_service.notices.ordermodel:Invoice",
        number="ZFW-{:05d}",
        singular="service invoice",
        plural="service invoices",
        zh="服务销售发票",
        title="notice",
        columns=("id", "order", "notice", "customer", "amount", "issued_on", "due", "entry"),
        verbs=("list", "show", "set", "export", "count", "schema"),
    ),
)
RULE_KINDS: tuple[RuleKind, ...] = (
    RuleKind(
        "service-policies",
        "cskit_service.notices.policy:Policy",
        "Who approves notices, what closing one takes, how long quotations and invoices run.",
    ),
    RuleKind(
        "service-codes",
        "cskit_service.notices.policy:Codes",
        "What the codes on notices mean: products, colours, causes, centres.",
    ),
)
ACTIONS: tuple[ActionSpec, ...] = ()

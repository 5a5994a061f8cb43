"""What can be done about companies, projects, checks, events and tenants, declared. Imports hook names only."""

from __future__ import annotations

from cskit import Command, RecordType, RuleKind

COMMANDS: tuple[Command, ...] = ()
RECORD_TYPES: tuple[RecordType, ...] = (
    RecordType(
        command="property company",
        table="property_companies",
        model="cskit_property.model:Company",
        number="PC-{:03d}",
        singular="property company",
        plural="property companies",
        zh="物业公司",
        title="name",
        columns=("id", "name", "contact", "phone", "grade"),
    ),
    RecordType(
        command="property project",
        table="property_projects",
        model="cskit_property.model:Project",
        number="PJ-{:03d}",
        singular="project",
        plural="projects",
        zh="项目",
        title="name",
        columns=(
            "id",
            "name",
            "company",
            "units",
            "residential_area",
            "other_area",
            "contract_until",
            "state",
        ),
    ),
)
RULE_KINDS: tuple[RuleKind, ...] = ()

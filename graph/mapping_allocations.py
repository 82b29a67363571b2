"""The properties of an allocation's node, and the places that prove them."""

import json
from collections.abc import Mapping

from graph.elements import PropertyValue
from graph.evidence import Evidence
from graph.model import Allocation


def allocation_properties(allocation: Allocation) -> Mapping[str, PropertyValue | None]:
    amount, function, economic = allocation.amount, allocation.function, allocation.economic
    return {
        "recipient": allocation.recipient.value if allocation.recipient else None,
        "amount": None if amount.value is None else float(amount.value),
        "printed": amount.text.value,
        "unit": allocation.unit,
        "purpose": allocation.purpose,
        "project": allocation.project.value if allocation.project else None,
        "function_code": function.code if function else None,
        "function_name": function.name if function else None,
        "economic_code": economic.code if economic else None,
        "economic_name": economic.name if economic else None,
        "extra": json.dumps(dict(allocation.extra), ensure_ascii=False)
        if allocation.extra
        else None,
    }


def allocation_evidence(allocation: Allocation) -> tuple[Evidence, ...]:
    """The recipient's, the amount's, and what else the row or the body says of the sum."""
    texts = (
        allocation.recipient,
        allocation.amount.text,
        allocation.project,
        allocation.function.text if allocation.function else None,
        allocation.economic.text if allocation.economic else None,
    )
    return tuple(text.evidence for text in texts if text is not None)

"""comms: drafts what a Dutch vocational school has to say when intimate images have been spread.

>>> import comms
>>> incident = comms.Incident.load("samples/01-class-app.yaml")
>>> comms.plan(incident).message("students").decision
'send'
>>> for each in comms.draft(incident, audiences=["students"]):
...     each.save("students.docx")

Nothing here prints, exits or goes to the network. What people read is in Dutch, or in English within
``with comms.ui_language("en"):``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comms.decisions import Condition, PlannedMessage, Reason
    from comms.drafts import Draft, draft
    from comms.errors import (
        ChangedError,
        CommsError,
        HeldError,
        InputError,
        ReviewError,
        TemplateError,
        UnknownNameError,
        WritingError,
    )
    from comms.incident import Incident, Release, Victim
    from comms.languages import ui_language
    from comms.merging import Merge
    from comms.planning import Action, Plan, plan
    from comms.recipients import RecipientsError
    from comms.review.checking import check
    from comms.review.findings import Finding
    from comms.school import Contact, School

_WHERE = {
    "Action": "planning",
    "ChangedError": "errors",
    "CommsError": "errors",
    "Condition": "decisions",
    "Contact": "school",
    "Draft": "drafts",
    "Finding": "review.findings",
    "HeldError": "errors",
    "Incident": "incident",
    "InputError": "errors",
    "Merge": "merging",
    "Plan": "planning",
    "PlannedMessage": "decisions",
    "Reason": "decisions",
    "RecipientsError": "recipients",
    "Release": "incident",
    "ReviewError": "errors",
    "School": "school",
    "TemplateError": "errors",
    "UnknownNameError": "errors",
    "Victim": "incident",
    "WritingError": "errors",
    "check": "review.checking",
    "draft": "drafts",
    "plan": "planning",
    "ui_language": "languages",
}


def __getattr__(name: str) -> Any:
    """Each name is imported when it is first used, so that a plan loads no support for texts or Word."""
    if name not in _WHERE:
        raise AttributeError(f"module 'comms' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"comms.{_WHERE[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


__all__ = [
    "Action",
    "ChangedError",
    "CommsError",
    "Condition",
    "Contact",
    "Draft",
    "Finding",
    "HeldError",
    "Incident",
    "InputError",
    "Merge",
    "Plan",
    "PlannedMessage",
    "Reason",
    "RecipientsError",
    "Release",
    "ReviewError",
    "School",
    "TemplateError",
    "UnknownNameError",
    "Victim",
    "WritingError",
    "check",
    "draft",
    "plan",
    "ui_language",
]

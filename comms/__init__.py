"""comms: drafts what a Dutch vocational school has to say when intimate images have been spread.

>>> import comms
>>> incident = comms.Incident.load("samples/class-app.yaml")
>>> comms.plan(incident).message("students").decision
'send'
>>> for each in comms.draft(incident, audiences=["students"]):
...     each.save("students.docx")

Nothing here prints, exits or goes to the network. What people read is in Dutch, or in English within
``with comms.ui_language("en"):``.
"""

from __future__ import annotations

from comms.decisions import Condition, PlannedMessage, Reason
from comms.drafts import Draft, Finding, draft
from comms.errors import (
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
from comms.planning import Action, Plan, plan
from comms.school import Contact, School

__all__ = [
    "Action",
    "CommsError",
    "Condition",
    "Contact",
    "Draft",
    "Finding",
    "HeldError",
    "Incident",
    "InputError",
    "Plan",
    "PlannedMessage",
    "Reason",
    "Release",
    "ReviewError",
    "School",
    "TemplateError",
    "UnknownNameError",
    "Victim",
    "WritingError",
    "draft",
    "plan",
    "ui_language",
]

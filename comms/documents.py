"""The documents that can follow from a plan: the message to each audience, and what the crisis team works with."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from comms import resources
from comms.incident import Incident


class Document(NamedTuple):
    """A text that the program writes.

    ``audience`` gets it; ``governed_by`` names the planned message whose decision, variant and conditions hold
    for it: a script for the class waits for what the letter to the students waits for. ``internal``: it stays
    inside, exists only in the languages of the interface, and may name what letters may not.
    """

    id: str
    audience: str
    governed_by: str
    internal: bool = False
    when: Callable[[Incident], bool] = lambda incident: True

    @property
    def template(self) -> str:
        """The name of its template in the folder of messages."""
        return f"{self.id}.md.j2" if self.id == self.audience and not self.internal else f"documents/{self.id}.md.j2"


def _after_death(incident: Incident) -> bool:
    return incident.grave == "death"


_ALL = (
    Document("victim", "victim", "victim", internal=True),
    Document("victim_parents", "victim_parents", "victim_parents", internal=True),
    Document("crisis_team", "crisis_team", "crisis_team", internal=True),
    *(
        Document(audience, audience, audience)
        for audience in ("teachers", "students", "parents", "website", "social", "press")
    ),
    Document("next_of_kin", "crisis_team", "crisis_team", internal=True, when=_after_death),
    Document("sharers", "crisis_team", "crisis_team", internal=True),
    Document("class_script", "crisis_team", "students", internal=True),
    Document("students_app", "crisis_team", "students"),
    Document("phone_card", "crisis_team", "crisis_team", internal=True),
    Document("questions", "crisis_team", "crisis_team", internal=True),
    Document("online_replies", "crisis_team", "crisis_team", internal=True),
    Document("sending_log", "crisis_team", "crisis_team", internal=True),
)


@cache
def documents() -> dict[str, Document]:
    """Every document by id: first the message to each audience, in the order of sending, then what goes with them."""
    folder = resources.folder("templates") / "messages"
    return {each.id: each for each in _ALL if (folder / each.template).is_file()}

"""The JSON Schema of the input files, made from the fields themselves."""

from __future__ import annotations

from comms import incident, school
from comms.fields import Schema, schema_of
from comms.languages import _

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def school_schema() -> Schema:
    """The schema of a school's profile."""
    return {"$schema": _DIALECT, "title": _("Schoolprofiel"), **schema_of(school.FIELDS)}


def incident_schema() -> Schema:
    """The schema of an incident file, in which the school is a path or the profile itself."""
    schema = {"$schema": _DIALECT, "title": _("Incident"), **schema_of(incident.FIELDS)}
    properties = schema["properties"]
    path = {"type": "string", "minLength": 1}
    about = properties["school"]["description"]
    properties["school"] = {"description": about, "anyOf": [path, schema_of(school.FIELDS)]}
    about = properties["protected"]["description"]
    words = {"type": "array", "items": {"type": ["string", "number"]}}
    properties["protected"] = {"description": about, "anyOf": [path, words, {"type": "null"}]}
    return schema

"""What is wrong in settings that a person wrote: field, value, and what may stand there.

Pydantic's own messages speak of its types ("Input should be a valid tuple") and say it once for
each member of a union; what is allowed is told here from the field itself, once.
"""

import difflib
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

LONGEST_VALUE: Final = 40  # characters of a wrong value that are repeated
PLAIN: Final = {str: "text", bool: "true or false", NoneType: "null"}
NUMBERS: Final = {int: "a whole number", float: "a number"}


def describe_faults(error: ValidationError, model: type[BaseModel]) -> str:
    """Return the faults of ``error``, one for each field of ``model``, separated by semicolons."""
    told: dict[str, str] = {}
    for fault in error.errors():
        path, field, owner = _place(fault["loc"], model)
        name = ".".join(path)
        if fault["type"] == "value_error":
            words = str(fault["ctx"]["error"])
            told.setdefault(name, f"{name}: {words}" if name else words)
        elif fault["type"] == "extra_forbidden":
            told.setdefault(name, f"{name} is unknown; expected {_known_name(path[-1], owner)}")
        else:
            missing = fault["type"] == "missing"
            value = "missing" if missing else _shown(fault["input"])
            told.setdefault(name, f"{name or 'the file'} is {value}; expected {_allowed_in(field)}")
    return "; ".join(told.values())


def allowed(annotation: Any, limits: tuple[Any, ...] = ()) -> str:
    """Return in words what a field of this type may hold.

    >>> from pydantic import Field
    >>> allowed(Annotated[int, Field(ge=16, le=99)] | Literal["auto"])
    'a whole number from 16 to 99, or auto'
    """
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        found = [x for meta in parts[1:] for x in getattr(meta, "metadata", [meta])]
        return allowed(parts[0], tuple(found))
    if origin in (Union, UnionType):
        return ", or ".join(allowed(part) for part in parts)
    if origin is Literal:
        return ", ".join(str(part) for part in parts)
    if origin is tuple:
        return f"a list of {allowed(parts[0])}"
    if annotation in NUMBERS:
        return NUMBERS[annotation] + _range(limits)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"a section of {', '.join(annotation.model_fields)}"
    return PLAIN.get(annotation, str(annotation))


def _range(limits: tuple[Any, ...]) -> str:
    bounds = {
        name: format(getattr(limit, name), "g" if isinstance(getattr(limit, name), float) else "")
        for limit in limits
        for name in ("ge", "gt", "le", "lt")
        if hasattr(limit, name)
    }
    if {"ge", "le"} <= bounds.keys():
        return f" from {bounds['ge']} to {bounds['le']}"
    words = {"ge": "of at least", "gt": "above", "le": "of at most", "lt": "below"}
    told = [f"{words[name]} {bound}" for name, bound in bounds.items()]
    return f" {' and '.join(told)}" if told else ""


def _place(
    loc: tuple[int | str, ...], model: type[BaseModel]
) -> tuple[list[str], FieldInfo | type[BaseModel], type[BaseModel]]:
    """Return the path of names, the field there, and the section that the last name is in.

    Pydantic also puts the members of a union and the places of a list into ``loc``.
    """
    path: list[str] = []
    found: FieldInfo | type[BaseModel] = model
    owner = inner = model
    for part in loc:
        if part in inner.model_fields:
            found, owner = inner.model_fields[str(part)], inner
            inner = _section_of(found) or inner
        elif not path or _section_of(found):
            return [*path, str(part)], found, inner  # a name that the section does not have
        else:
            break
        path.append(str(part))
    return path, found, owner


def _section_of(field: FieldInfo | type[BaseModel]) -> type[BaseModel] | None:
    """Return the section that ``field`` holds, None if it holds a value."""
    annotation = field.annotation if isinstance(field, FieldInfo) else field
    for part in (annotation, *get_args(annotation)):
        if isinstance(part, type) and issubclass(part, BaseModel):
            return part
    return None


def _allowed_in(field: FieldInfo | type[BaseModel]) -> str:
    if isinstance(field, FieldInfo):
        return allowed(field.annotation, tuple(field.metadata))
    return allowed(field)


def _known_name(name: str, section: type[BaseModel]) -> str:
    near = difflib.get_close_matches(name, section.model_fields, n=1)
    return near[0] if near else f"one of {', '.join(section.model_fields) or 'no settings'}"


def _shown(value: object) -> str:
    if value is None:
        return "null"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}..."

"""Holds what the sandbox serves against aiogram's models. Run by the clients' own Python, line by line.

In: {"method": name, "result": …} or {"update": {…}}. Out, one line each: a JSON list of complaints.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from typing import Any

import aiogram.methods
from aiogram.types import Update
from pydantic import TypeAdapter, ValidationError

# Telegram has these old names beside today's.
ALIASES = {"getchatmemberscount": "getchatmembercount", "kickchatmember": "banchatmember"}
# Telegram sends these, though no documentation and no release of aiogram knows them.
SENT_ANYWAY = {
    "new_chat_member": "the first of new_chat_members, from before one could add several",
    "new_chat_participant": "its still older name",
    "left_chat_participant": "the older name of left_chat_member",
    "thumb": "the older name of thumbnail",
    "all_members_are_administrators": "basic groups",
}


@cache
def models() -> dict[str, TypeAdapter[Any]]:
    """What each method returns, by the method's name in lower case."""
    found = {}
    for name in aiogram.methods.__all__:
        returned = getattr(getattr(aiogram.methods, name), "__returning__", None)
        if name != "TelegramMethod" and returned is not None:
            found[name.lower()] = TypeAdapter(returned)
    return found


UPDATE = TypeAdapter(Update)


def compare(given: Any, understood: Any, where: str) -> list[str]:
    """Where a model read something else than was written: another type, or nothing at all."""
    if isinstance(given, dict) and isinstance(understood, dict):
        lost = [f"{where}.{key}: not understood" for key in given.keys() - understood.keys()]
        return lost + [
            line
            for key in given.keys() & understood.keys()
            for line in compare(given[key], understood[key], f"{where}.{key}")
        ]
    if isinstance(given, list) and isinstance(understood, list) and len(given) == len(understood):
        return [
            line
            for i, pair in enumerate(zip(given, understood, strict=True))
            for line in compare(*pair, f"{where}[{i}]")
        ]
    numbers = (int, float)
    alike = type(given) is type(understood) or (type(given) in numbers and type(understood) in numbers)
    return [] if alike and given == understood else [f"{where}: {given!r} was read as {understood!r}"]


def extras(value: Any, where: str) -> list[str]:
    """Fields that the models do not have."""
    if isinstance(value, list):
        return [line for i, one in enumerate(value) for line in extras(one, f"{where}[{i}]")]
    unknown = (getattr(value, "model_extra", None) or {}).keys() - SENT_ANYWAY.keys()
    found = [f"{where}.{key}: {type(value).__name__} has no such field" for key in sorted(unknown)]
    for key in getattr(value, "model_fields_set", ()):
        if key in type(value).model_fields:
            found += extras(getattr(value, key), f"{where}.{key}")
    return found


def explain(error: ValidationError, where: str) -> list[str]:
    """Of a union only the members whose `status` or `type` fits are worth naming."""
    errors = error.errors()
    unfit = {e["loc"][:-1] for e in errors if e["type"] in ("enum", "literal_error")}
    likely = [e for e in errors if e["loc"][:-1] not in unfit] or errors
    return [f"{where}.{'.'.join(map(str, e['loc']))}: {e['msg']} (given: {str(e['input'])[:200]})" for e in likely]


def check(adapter: TypeAdapter[Any], given: Any, where: str) -> list[str]:
    try:
        read = adapter.validate_python(given)
    except ValidationError as error:
        return explain(error, where)
    understood = adapter.dump_python(read, mode="json", by_alias=True, exclude_unset=True)
    return extras(read, where) + compare(given, understood, where)


def judge(line: str) -> list[str]:
    record = json.loads(line)
    if "update" in record:
        return check(UPDATE, record["update"], "update")
    name = str(record["method"]).lower()
    adapter = models().get(ALIASES.get(name, name))
    if adapter is None:
        return [f"{record['method']}: aiogram knows no such method"]
    return check(adapter, record["result"], record["method"])


def main() -> None:
    for line in sys.stdin:
        sys.stdout.write(json.dumps(judge(line)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

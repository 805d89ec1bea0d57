"""Words of /audit: who did what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rendering.catalog import Catalog, bold, escape
from rendering.schedule import rule_names
from storage.audit import FORGOTTEN, NOBODY, AuditView
from storage.times import from_epoch

Buttons = list[list[tuple[str, str]]]
PAGE = 15


def render_audit(
    acts: Sequence[AuditView], names: Mapping[int, str], title: str, timezone: str, now: datetime, catalog: Catalog
) -> str:
    """A page of the log, the newest first. `names` by person."""
    lines = [bold(catalog.gettext("Who did what")) + f" · {escape(title)}"]
    if not acts:
        lines.append(catalog.gettext("Nothing yet: here stands who queued, moved, approved or overruled what."))
    for one in acts:
        when = catalog.moment(one.at.astimezone(ZoneInfo(timezone)))
        lines.append(
            f"{when} {_who(one.person_id, names, catalog)}{_colon(catalog)}{_act(one, names, timezone, catalog)}"
        )
    return "\n".join(lines)


def _colon(catalog: Catalog) -> str:
    return "：" if catalog.is_chinese else ": "


def _who(person_id: int, names: Mapping[int, str], catalog: Catalog) -> str:
    if person_id == NOBODY:
        return catalog.gettext("PeakDrop")
    if person_id == FORGOTTEN:
        return catalog.gettext("somebody who was erased")
    return escape(names.get(person_id) or str(person_id))


def _act(one: AuditView, names: Mapping[int, str], timezone: str, catalog: Catalog) -> str:
    words = {
        "scheduled": catalog.gettext("queued drop {n} for {when}"),
        "proposed": catalog.gettext("proposed drop {n} for {when}"),
        "edited": catalog.gettext("changed drop {n}"),
        "moved": catalog.gettext("moved drop {n} to {when}"),
        "posted_now": catalog.gettext("had drop {n} posted at once"),
        "returned": catalog.gettext("gave drop {n} back"),
        "paused": catalog.gettext("paused drop {n}"),
        "resumed": catalog.gettext("resumed drop {n}"),
        "cancelled": catalog.gettext("cancelled drop {n}"),
        "restored": catalog.gettext("brought drop {n} back"),
        "overruled": catalog.gettext("overruled warnings of drop {n}: {detail}"),
        "rules": catalog.gettext("changed a rule: {rule}"),
        "role": catalog.gettext("gave {who} a role: {role}"),
    }
    if one.act not in words:
        return escape(f"{one.act} {one.number or ''} {one.detail or ''}".strip())
    detail = one.detail or ""
    values = {"n": one.number, "detail": escape(detail), "when": "", "rule": "", "who": "", "role": ""}
    if one.act in ("scheduled", "proposed", "moved") and detail.isdigit():
        values["when"] = catalog.moment(from_epoch(int(detail)).astimezone(ZoneInfo(timezone)))
    if one.act == "rules":
        values["rule"] = rule_names(catalog).get(detail, escape(detail))
    if one.act == "role":
        person, _, role = detail.partition(" ")
        values |= {"who": _who(int(person), names, catalog), "role": role_name(role, catalog)}
    return words[one.act].format(**values)


def role_name(role: str, catalog: Catalog) -> str:
    """editor, manager or none, in words."""
    names = {
        "editor": catalog.gettext("editor"),
        "manager": catalog.gettext("manager"),
        "none": catalog.gettext("none"),
    }
    return names.get(role, role)


def audit_buttons(community_id: int, page: int, *, is_full: bool, catalog: Catalog) -> Buttons:
    """Newer and older entries."""
    row = [(catalog.gettext("◀ newer"), f"audit:{community_id}:{page - 1}")] if page else []
    row += [(catalog.gettext("older ▶"), f"audit:{community_id}:{page + 1}")] if is_full else []
    return [row] if row else []

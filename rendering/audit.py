"""Words of /audit: who did what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rendering.catalog import Catalog, bold, escape
from rendering.delivery import reason_words
from rendering.objections import remark_name
from rendering.schedule import rule_names
from storage.audit import FORGOTTEN, NOBODY, Act, AuditView
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
    detail = one.detail or ""
    values = {"n": one.number, "detail": "", "when": "", "rule": "", "who": "", "role": ""}
    if one.act in (Act.SCHEDULED, Act.PROPOSED, Act.MOVED) and detail.isdigit():
        values["when"] = catalog.moment(from_epoch(int(detail)).astimezone(ZoneInfo(timezone)))
    if one.act in (Act.FAILED, Act.HALTED):
        values["detail"] = reason_words(detail, catalog)
    if one.act is Act.OVERRULED:
        values["detail"] = ("、" if catalog.is_chinese else ", ").join(
            remark_name(kind, catalog) for kind in dict.fromkeys(detail.split(","))
        )
    if one.act is Act.RULES:
        values["rule"] = rule_names(catalog).get(detail, escape(detail))
    if one.act is Act.ROLE:
        person, _, role = detail.partition(" ")
        values |= {"who": _who(int(person), names, catalog), "role": role_name(role, catalog)}
    return act_words(catalog)[one.act].format(**values)


def act_words(catalog: Catalog) -> dict[Act, str]:
    """What each act is called, with places for what it was about."""
    return {
        Act.SCHEDULED: catalog.gettext("queued drop {n} for {when}"),
        Act.PROPOSED: catalog.gettext("proposed drop {n} for {when}"),
        Act.EDITED: catalog.gettext("changed drop {n}"),
        Act.MOVED: catalog.gettext("moved drop {n} to {when}"),
        Act.POSTED_NOW: catalog.gettext("had drop {n} posted at once"),
        Act.RETURNED: catalog.gettext("gave drop {n} back"),
        Act.PAUSED: catalog.gettext("paused drop {n}"),
        Act.RESUMED: catalog.gettext("resumed drop {n}"),
        Act.CANCELLED: catalog.gettext("cancelled drop {n}"),
        Act.RESTORED: catalog.gettext("brought drop {n} back"),
        Act.OVERRULED: catalog.gettext("overruled warnings of drop {n}: {detail}"),
        Act.RULES: catalog.gettext("changed a rule: {rule}"),
        Act.ROLE: catalog.gettext("gave {who} a role: {role}"),
        Act.FAILED: catalog.gettext("could not post drop {n}: {detail}"),
        Act.RETRIED: catalog.gettext("had drop {n} tried again"),
        Act.HALTED: catalog.gettext("stopped the group's queue: {detail}"),
        Act.RESUMED_GROUP: catalog.gettext("let the group's queue go on"),
        Act.SETTLED_THERE: catalog.gettext("said that drop {n} is there"),
        Act.SETTLED_AGAIN: catalog.gettext("said that drop {n} is not there; it was sent again"),
        Act.DIGEST: catalog.gettext("changed when the digest comes, or to whom"),
    }


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

"""Words of /role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rendering.audit import role_name
from rendering.catalog import Catalog, bold, ellipsis, escape
from storage.roles import GivenRole, RoleView


def render_roles(roles: Sequence[RoleView], names: Mapping[int, str], title: str, catalog: Catalog) -> str:
    """Who was given a role, and how one is given."""
    lines = [bold(catalog.gettext("Who works on drops")) + f" · {escape(title)}"]
    lines.append(catalog.gettext("Admins who may change the group's info are managers by themselves."))
    lines += [f"{escape(names.get(one.person_id) or str(one.person_id))}: {_name(one.role, catalog)}" for one in roles]
    lines.append(
        catalog.gettext("Give one: {example}, or reply to somebody in the group with {reply}.").format(
            example="<code>/role @name editor</code>", reply="<code>/role editor</code>"
        )
    )
    lines.append(catalog.gettext("Editors make drops; managers also approve, change rules and give roles."))
    return "\n".join(lines)


def _name(role: GivenRole | None, catalog: Catalog) -> str:
    return role_name("none" if role is None else role.name.lower(), catalog)


def render_role_set(name: str, role: GivenRole | None, catalog: Catalog) -> str:
    """It is so now."""
    if role is None:
        return catalog.gettext("{name} has no role any more.").format(name=escape(name))
    words = {
        GivenRole.EDITOR: catalog.gettext("{name} is an editor now."),
        GivenRole.MANAGER: catalog.gettext("{name} is a manager now."),
    }
    return words[role].format(name=escape(name))


def render_unknown_role(word: str, catalog: Catalog) -> str:
    """No such role; nothing was changed."""
    return catalog.gettext("I know no role “{word}”; nothing was changed. Roles: editor, manager, none.").format(
        word=escape(ellipsis(word, 30))
    )


def render_unknown_person(word: str, catalog: Catalog) -> str:
    """Nobody by this name was seen."""
    return catalog.gettext(
        "I have not seen {word} in the group. Reply to a message of theirs there with {reply}."
    ).format(word=escape(ellipsis(word, 40)), reply="<code>/role editor</code>")


def render_only_managers(catalog: Catalog) -> str:
    """Roles are for managers to give."""
    return catalog.gettext("Only the group's own admins give roles.")

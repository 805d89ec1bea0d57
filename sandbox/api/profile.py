"""Methods about the bot itself: who it is, its names, its commands, its menu button."""

from __future__ import annotations

import re

from sandbox import wire
from sandbox.api.call import Call, method
from sandbox.errors import bad_request
from sandbox.model import Chat, Json
from sandbox.world import World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
GENERAL_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")


@method("getMe")
def get_me(call: Call) -> Json:
    world = call.world
    return wire.user_json(world.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": world.reads_all_messages,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _scope(call: Call) -> str:
    """The scope as a key: its type, and the chat and member it is for."""
    scope = call.value("scope") or {"type": "default"}
    kind = scope.get("type", "") if isinstance(scope, dict) else ""
    if kind in GENERAL_SCOPES:
        return str(kind)
    if kind not in CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chat = Call(call.world, scope).chat()
    return f"{kind}:{chat.id}" + (f":{scope.get('user_id')}" if kind == "chat_member" else "")


@method("setMyCommands")
def set_my_commands(call: Call) -> bool:
    commands = call.value("commands")
    if not isinstance(commands, list):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    kept: list[Json] = []
    for entry in commands:
        command = str(entry.get("command", "")).removeprefix("/")
        description = str(entry.get("description", "")).strip()
        if not COMMAND.fullmatch(command):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        kept.append({"command": command, "description": description})
    call.world.profile.commands[_scope(call), call.text("language_code")] = kept
    return True


@method("getMyCommands")
def get_my_commands(call: Call) -> list[Json]:
    return call.world.profile.commands.get((_scope(call), call.text("language_code")), [])


@method("deleteMyCommands")
def delete_my_commands(call: Call) -> bool:
    call.world.profile.commands.pop((_scope(call), call.text("language_code")), None)
    return True


def commands_for(world: World, chat: Chat, user_id: int) -> list[Json]:
    """The menu a person sees in a chat: the narrowest scope that has commands, own language first."""
    admin = chat.status_of(user_id) in ("creator", "administrator")
    if chat.is_private:
        scopes = [f"chat:{chat.id}", "all_private_chats", "default"]
    else:
        scopes = [f"chat_member:{chat.id}:{user_id}"]
        scopes += [f"chat_administrators:{chat.id}"] if admin else []
        scopes += [f"chat:{chat.id}"]
        scopes += ["all_chat_administrators"] if admin else []
        scopes += ["all_group_chats", "default"]
    language = world.user(user_id).language_code.split("-")[0]
    for scope in scopes:
        for code in (language, ""):
            found = world.profile.commands.get((scope, code))
            if found:
                return found
    return []


def _set(call: Call, texts: dict[str, str], name: str, limit: int) -> bool:
    given = call.text(name)
    if len(given) > limit:
        raise bad_request(f"bot {name.replace('_', ' ')} is too long")
    texts[call.text("language_code")] = given
    return True


def _get(call: Call, texts: dict[str, str], default: str = "") -> str:
    return texts.get(call.text("language_code")) or texts.get("") or default


@method("setMyName")
def set_my_name(call: Call) -> bool:
    profile = call.world.profile
    done = _set(call, profile.names, "name", 64)
    if profile.names.get(""):
        call.world.bot.first_name = profile.names[""]
    return done


@method("getMyName")
def get_my_name(call: Call) -> Json:
    return {"name": _get(call, call.world.profile.names, call.world.bot.first_name)}


@method("setMyDescription")
def set_my_description(call: Call) -> bool:
    return _set(call, call.world.profile.descriptions, "description", 512)


@method("getMyDescription")
def get_my_description(call: Call) -> Json:
    return {"description": _get(call, call.world.profile.descriptions)}


@method("setMyShortDescription")
def set_my_short_description(call: Call) -> bool:
    return _set(call, call.world.profile.short_descriptions, "short_description", 120)


@method("getMyShortDescription")
def get_my_short_description(call: Call) -> Json:
    return {"short_description": _get(call, call.world.profile.short_descriptions)}


@method("setChatMenuButton")
def set_chat_menu_button(call: Call) -> bool:
    button = call.value("menu_button") or {"type": "default"}
    if button.get("type") not in ("commands", "web_app", "default"):
        raise bad_request("can't parse menu button: MenuButton has unsupported type")
    call.world.profile.menu_buttons[_menu_chat(call)] = button
    return True


@method("getChatMenuButton")
def get_chat_menu_button(call: Call) -> Json:
    buttons = call.world.profile.menu_buttons
    return buttons.get(_menu_chat(call)) or buttons.get(0) or {"type": "commands"}


def _menu_chat(call: Call) -> int:
    return call.chat().id if call.text("chat_id") else 0

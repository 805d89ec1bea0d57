"""Bot API methods: results as Telegram's, refusals in Telegram's words."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from sandbox.membership import block_bot
from sandbox.seeding.pictures import landscape
from tests.sandbox.telegram import ALL, Telegram

KEYS = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}


async def test_who_the_bot_is(telegram: Telegram) -> None:
    me = await telegram.call("getMe")
    assert me["id"] == telegram.world.bot_id
    assert me["is_bot"] is True
    assert me["can_read_all_group_messages"] is False


async def test_methods_take_json_forms_multipart_and_queries_in_any_case(telegram: Telegram) -> None:
    url, client = f"/bot{telegram.world.bot_token}/SENDmessage", telegram.client
    params = {"chat_id": str(telegram.group.id), "text": "hi"}
    responses = [
        await client.post(url, json=params),
        await client.post(url, data=params),
        await client.post(url, data=params, files={"unused": ("a.txt", b"a")}),
        await client.get(url, params=params),
    ]
    assert [r.json()["result"]["text"] for r in responses] == ["hi"] * 4


async def test_wrong_tokens_and_unknown_methods(telegram: Telegram) -> None:
    response = await telegram.client.get("/bot1:wrong/getMe")
    assert response.status_code == 401
    assert response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    response = await telegram.response("sendTelepathy")
    assert response.status_code == 404
    assert response.json() == {"ok": False, "error_code": 404, "description": "Not Found: method not found"}


MISSING_REPLY = {"text": "x", "reply_parameters": {"message_id": 999}}
LONG_DATA = {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "é" * 33}]]}}
UNCLOSED = "can't parse entities: Can't find end tag corresponding to start tag \"b\""
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
REFUSALS: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"text": ""}, "message text is empty"),
    ("sendMessage", {"text": " \n "}, "text must be non-empty"),
    ("sendMessage", {"text": "x" * 4097}, "message is too long"),
    ("sendMessage", {"text": "😀" * 2049}, "message is too long"),
    ("sendMessage", {"text": "x", "chat_id": 1}, "chat not found"),
    ("sendMessage", {"text": "x", "message_thread_id": 99}, "message thread not found"),
    ("sendMessage", MISSING_REPLY, "message to be replied not found"),
    ("sendMessage", LONG_DATA, "BUTTON_DATA_INVALID"),
    ("sendMessage", {"text": "<b>x", "parse_mode": "HTML"}, UNCLOSED),
    ("editMessageText", {"text": "x", "message_id": 999}, "message to edit not found"),
    ("deleteMessage", {"message_id": 999}, "message to delete not found"),
    ("sendPhoto", {"photo": "no-such-id"}, "wrong file identifier/HTTP URL specified"),
    ("answerCallbackQuery", {"callback_query_id": "1"}, TOO_OLD),
    ("setMessageReaction", {"message_id": 999}, "message to react not found"),
]


@pytest.mark.parametrize(("method", "params", "description"), REFUSALS)
async def test_refusals_are_worded_as_telegrams(
    telegram: Telegram, method: str, params: dict[str, Any], description: str
) -> None:
    refusal = await telegram.refusal(method, **({"chat_id": telegram.group.id} | params))
    assert refusal == f"Bad Request: {description}"


async def test_text_at_the_limit_is_counted_without_markup(telegram: Telegram) -> None:
    text = "<b>" + "x" * 4096 + "</b>"
    sent = await telegram.call("sendMessage", chat_id=telegram.group.id, text=text, parse_mode="HTML")
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 4096}]


async def test_editing(telegram: Telegram) -> None:
    place = {"chat_id": telegram.group.id}
    sent = await telegram.call("sendMessage", **place, text="one", reply_markup=KEYS)
    place["message_id"] = sent["message_id"]
    refusal = await telegram.refusal("editMessageText", **place, text="one", reply_markup=KEYS)
    assert refusal == (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message"
    )
    edited = await telegram.call("editMessageText", **place, text="two")
    assert edited["text"] == "two"
    assert edited["edit_date"] >= edited["date"]
    assert "reply_markup" not in edited
    assert "there is no caption" in await telegram.refusal("editMessageCaption", **place, caption="x")
    theirs = telegram.say("mine")
    refusal = await telegram.refusal("editMessageText", chat_id=telegram.group.id, message_id=theirs, text="x")
    assert refusal == "Bad Request: message can't be edited"


async def test_people_who_never_wrote_or_blocked_the_bot(telegram: Telegram) -> None:
    refusal = await telegram.refusal("sendMessage", chat_id=telegram.first, text="hi")
    assert refusal == "Forbidden: bot can't initiate conversation with a user"
    telegram.start_private()
    await telegram.call("sendMessage", chat_id=telegram.first, text="hi")
    await telegram.updates()
    block_bot(telegram.world, telegram.world.user(telegram.first), blocked=True)
    refusal = await telegram.refusal("sendMessage", chat_id=telegram.first, text="hi")
    assert refusal == "Forbidden: bot was blocked by the user"
    [update] = await telegram.updates()
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_a_removed_bot_is_told_and_refused(telegram: Telegram) -> None:
    telegram.act("remove", chat_id=telegram.group.id, user_id=telegram.lin, target_id=telegram.world.bot_id)
    [update] = await telegram.updates()
    assert update["my_chat_member"]["old_chat_member"]["can_manage_chat"] is True
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    refusal = await telegram.refusal("sendMessage", chat_id=telegram.group.id, text="hi")
    assert refusal == "Forbidden: bot was kicked from the supergroup chat"
    telegram.say("nobody listens")
    assert await telegram.updates() == []


async def test_a_button_press_and_its_one_answer(telegram: Telegram) -> None:
    sent = await telegram.call("sendMessage", chat_id=telegram.group.id, text="sure?", reply_markup=KEYS)
    place = {"chat_id": telegram.group.id, "user_id": telegram.first, "message_id": sent["message_id"]}
    telegram.act("press", **place, data="yes")
    [update] = await telegram.updates()
    query = update["callback_query"]
    assert (query["data"], query["from"]["id"]) == ("yes", telegram.first)
    assert query["message"]["message_id"] == sent["message_id"]
    assert await telegram.call("answerCallbackQuery", callback_query_id=query["id"], text="done") is True
    assert "query is too old" in await telegram.refusal("answerCallbackQuery", callback_query_id=query["id"])


async def test_files_go_up_and_come_down_unchanged(telegram: Telegram) -> None:
    world, data = telegram.world, bytes(range(256)) * 40
    response = await telegram.client.post(
        f"/bot{world.bot_token}/sendDocument",
        data={"chat_id": telegram.group.id, "caption": "<i>all of it</i>", "parse_mode": "HTML"},
        files={"document": ("daten 数据.csv", data, "text/csv")},
    )
    message = response.json()["result"]
    assert message["document"]["file_name"] == "daten 数据.csv"
    assert message["caption_entities"][0]["type"] == "italic"
    file = await telegram.call("getFile", file_id=message["document"]["file_id"])
    down = await telegram.client.get(f"/file/bot{world.bot_token}/{file['file_path']}")
    assert down.content == data
    again = await telegram.call("sendDocument", chat_id=telegram.group.id, document=file["file_id"])
    assert again["document"]["file_unique_id"] == message["document"]["file_unique_id"]


async def test_a_bot_cannot_fetch_more_than_20_megabytes(telegram: Telegram) -> None:
    telegram.act(
        "send_file", chat_id=telegram.group.id, user_id=telegram.first, name="big.bin", data=bytes(20 * 2**20 + 1)
    )
    [update] = await telegram.updates()
    refusal = await telegram.refusal("getFile", file_id=update["message"]["document"]["file_id"])
    assert refusal == "Bad Request: file is too big"


async def test_photos_have_sizes_and_can_be_replaced(telegram: Telegram) -> None:
    url = f"/bot{telegram.world.bot_token}"
    sent = (
        await telegram.client.post(
            f"{url}/sendPhoto", data={"chat_id": telegram.group.id}, files={"photo": ("a.png", landscape(1))}
        )
    ).json()["result"]
    assert [(p["width"], p["height"]) for p in sent["photo"]] == [(72, 90), (256, 320), (480, 600)]
    media = '{"type": "photo", "media": "attach://fresh", "caption": "new"}'
    edited: httpx.Response = await telegram.client.post(
        f"{url}/editMessageMedia",
        data={"chat_id": telegram.group.id, "message_id": sent["message_id"], "media": media},
        files={"fresh": ("b.png", landscape(2))},
    )
    result = edited.json()["result"]
    assert result["caption"] == "new"
    assert result["photo"][-1]["file_unique_id"] != sent["photo"][-1]["file_unique_id"]
    response = await telegram.client.post(
        f"{url}/sendPhoto", data={"chat_id": telegram.group.id}, files={"photo": ("a.png", b"no picture")}
    )
    assert response.json()["description"] == "Bad Request: IMAGE_PROCESS_FAILED"


async def test_messages_in_topics_carry_the_topic(telegram: Telegram) -> None:
    thread = telegram.act("open_topic", chat_id=telegram.group.id, user_id=telegram.lin, name="News")["thread_id"]
    telegram.say("in the topic", thread_id=thread)
    opened, inside = [u["message"] for u in await telegram.updates()]
    assert opened["forum_topic_created"]["name"] == "News"
    assert opened["message_id"] == opened["message_thread_id"] == thread
    assert (inside["message_thread_id"], inside["is_topic_message"]) == (thread, True)
    assert inside["reply_to_message"]["forum_topic_created"]["name"] == "News"
    assert inside["chat"]["is_forum"] is True
    answer = await telegram.call("sendMessage", chat_id=telegram.group.id, text="hi", message_thread_id=thread)
    assert answer["message_thread_id"] == thread


async def test_a_reply_shows_one_level(telegram: Telegram) -> None:
    first = telegram.say("one")
    second = telegram.say("two", reply_to=first)
    telegram.say("three", reply_to=second)
    last = (await telegram.updates())[-1]["message"]
    assert last["reply_to_message"]["text"] == "two"
    assert "reply_to_message" not in last["reply_to_message"]
    assert (last["message_thread_id"], last.get("is_topic_message")) == (first, None)


async def test_joins_by_link_and_removals_are_told_fully(telegram: Telegram) -> None:
    await telegram.updates(allowed_updates=ALL)
    link = await telegram.call("createChatInviteLink", chat_id=telegram.group.id, name="shop")
    visitor = telegram.act("add_user", first_name="Zoe", language_code="en")["user_id"]
    telegram.act("join", chat_id=telegram.group.id, user_id=visitor, link=link["invite_link"])
    change, service = await telegram.updates()
    assert change["chat_member"]["invite_link"]["name"] == "shop"
    assert change["chat_member"]["old_chat_member"]["status"] == "left"
    assert service["message"]["new_chat_members"][0]["id"] == visitor
    assert await telegram.call("getChatMemberCount", chat_id=telegram.group.id) == 5
    telegram.act("remove", chat_id=telegram.group.id, user_id=telegram.lin, target_id=visitor)
    kinds = {list(u)[1]: u for u in await telegram.updates()}
    assert kinds["chat_member"]["chat_member"]["new_chat_member"] == {
        "user": {"id": visitor, "is_bot": False, "first_name": "Zoe"},
        "status": "kicked",
        "until_date": 0,
    }


async def test_rights_are_told_and_required(telegram: Telegram) -> None:
    place = {"chat_id": telegram.group.id}
    admins = await telegram.call("getChatAdministrators", **place)
    assert {a["status"] for a in admins} == {"creator", "administrator"}
    bot = next(a for a in admins if a["user"]["is_bot"])
    assert bot["can_delete_messages"] is True
    assert bot["can_promote_members"] is False
    telegram.act("demote", **place, user_id=telegram.lin, target_id=telegram.world.bot_id)
    message_id = telegram.say("pin me")
    for method in ("pinChatMessage", "deleteMessage", "createChatInviteLink"):
        assert (await telegram.response(method, **place, message_id=message_id)).status_code == 400
    refusal = await telegram.refusal("createChatInviteLink", **place)
    assert refusal == "Bad Request: not enough rights to manage chat invite link"


async def test_a_basic_group_becomes_a_supergroup(telegram: Telegram) -> None:
    world = telegram.world
    old = telegram.act("add_group", user_id=telegram.lin, title="Old")["chat_id"]
    telegram.act("join", chat_id=old, user_id=world.bot_id, added_by=telegram.lin)
    await telegram.updates()
    new = telegram.act("migrate", chat_id=old, user_id=telegram.lin)["chat_id"]
    told = [u["message"] for u in await telegram.updates()]
    assert [(m["chat"]["id"], m.get("migrate_to_chat_id"), m.get("migrate_from_chat_id")) for m in told] == [
        (old, new, None),
        (new, None, old),
    ]
    assert told[1]["message_id"] == 1
    response = await telegram.response("sendMessage", chat_id=old, text="hi")
    assert response.json()["parameters"] == {"migrate_to_chat_id": new}


async def test_commands_by_scope_and_language(telegram: Telegram) -> None:
    stats = [{"command": "stats", "description": "Figures"}]
    zh = [{"command": "stats", "description": "数据"}]
    drops = [{"command": "drops", "description": "Planned"}]
    await telegram.call("setMyCommands", commands=stats)
    await telegram.call("setMyCommands", commands=zh, language_code="zh")
    await telegram.call("setMyCommands", commands=drops, scope={"type": "all_chat_administrators"})
    assert await telegram.call("getMyCommands", language_code="zh") == zh
    shown = await telegram.client.get(
        "/sandbox/commands", params={"chat_id": telegram.group.id, "user_id": telegram.lin}
    )
    assert shown.json()["commands"] == drops
    shown = await telegram.client.get(
        "/sandbox/commands", params={"chat_id": telegram.group.id, "user_id": telegram.first}
    )
    expected = zh if telegram.world.user(telegram.first).language_code.startswith("zh") else stats
    assert shown.json()["commands"] == expected
    refusal = await telegram.refusal("setMyCommands", commands=[{"command": "No Good", "description": "x"}])
    assert refusal == "Bad Request: BOT_COMMAND_INVALID"

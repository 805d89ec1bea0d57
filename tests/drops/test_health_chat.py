"""/health in Chinese: what is wrong in plain words, each with the button that mends it."""

from __future__ import annotations

from sandbox.model import Message
from sandbox.world import World
from storage.drop_content import Content
from storage.drops import State
from storage.people import set_person
from storage.store import Store
from tests.bot.conversation import buttons, text_of
from tests.drops.sending_desk import SendingDesk, sending


async def health(desk: SendingDesk) -> Message:
    """What /health tells the manager in private."""
    desk.talk.act("send", chat_id=desk.talk.manager, user_id=desk.talk.manager, text="/health")
    private = desk.world.private_chat(desk.talk.manager).messages
    asked = max(private)
    found: list[Message] = await desk.talk._until(lambda: [one for number, one in private.items() if number > asked])
    return found[0]


def labels(message: Message) -> list[str]:
    return [label for label, _ in buttons(message)]


async def test_a_missing_right_is_named_with_the_button_that_gives_it(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        store.write_now(lambda session: set_person(session, desk.talk.manager, language="zh"))
        place = {"chat_id": desk.chat.id, "user_id": desk.talk.manager, "target_id": world.bot_id}
        desk.talk.act("send", chat_id=desk.chat.id, user_id=desk.talk.manager, text="hello")
        well = await health(desk)
        assert text_of(well) == "一切正常 · 小鹿日常 · Deer Diaries\n队列为空。\n还没有发布过内容。"
        assert labels(well) == ["队列", "刷新"]
        for given, missing in (
            (["can_pin_messages"], "删除消息"),
            (["can_delete_messages"], "置顶消息"),
            (None, "置顶消息、删除消息、查看表情回应、入群和退群（需为管理员）"),
        ):
            if given is None:
                desk.talk.act("demote", **place)
            else:
                desk.talk.act("promote", rights=given, **place)
            lacking = await health(desk)
            assert text_of(lacking).startswith("缺少权限 · ")
            assert text_of(lacking).endswith(f"缺少权限：{missing}")
            assert labels(lacking) == ["授予权限", "队列", "刷新"]
            assert "admin=pin_messages+delete_messages" in dict(buttons(lacking))["授予权限"]


async def test_everything_wrong_at_once_in_chinese(world: World, store: Store, unprobed: None) -> None:
    async with sending(world, store) as desk:
        store.write_now(lambda session: set_person(session, desk.talk.manager, language="zh"))
        desk.talk.act("send", chat_id=desk.chat.id, user_id=desk.talk.manager, text="hello")
        assert "一切正常" in text_of(await health(desk))
        desk.queue("明天见", due_in=86400)
        world.faults.add(kind="drop_after", method="sendMessage", nth=1)
        await desk.until(desk.queue("丢了吗"), State.UNCERTAIN)
        poster = desk.piece("photo", b"no picture", "poster.txt")
        await desk.until(desk.queue(Content("海报", pieces=(poster,))), State.FAILED)
        await desk.told("这条发出去了吗？")
        place = {"chat_id": desk.chat.id, "user_id": desk.talk.manager, "target_id": world.bot_id}
        desk.talk.act("remove", **place)
        desk.queue("早上好", due_in=-600)
        await desk.told("我无法在")
        found = await health(desk)
        first, *lines = text_of(found).split("\n")
        assert first == "无法发布 · 小鹿日常 · Deer Diaries"
        assert lines[0].startswith("队列中 2 条，下一条 明天 ")
        assert lines[1].startswith("逾期 1 条，最早为今天 ")
        assert "起无法发布：我被移出了群。请重新添加我。" in lines[3]
        assert lines[4] == "投放 2（文字 · 丢了吗）：是否已发布？请查看后在下方告诉我。"
        assert lines[5] == "最近失败：投放 3，图片 · 海报。Telegram 不接受这条内容。"
        assert labels(found) == ["重试", "2 已发出", "发布 2", "重试 3", "打开 3", "重新添加", "队列", "刷新"]

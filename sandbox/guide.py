"""The first visit: a short list of things to try that ticks itself off. A new step is one entry in STEPS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.model import PRESENT, Chat, Json, Message

if TYPE_CHECKING:
    from sandbox.world import World


@dataclass(slots=True)
class Progress:
    """How far the visitor is; kept with the world."""

    done: list[str] = field(default_factory=list)
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that happened: an act made on the page, or "answer", a message of the bot's."""

    world: World
    name: str
    params: Json = field(default_factory=dict)
    message: Message | None = None

    @property
    def chat(self) -> Chat:
        """Where it happened; the group where an act names no chat."""
        chat_id = self.message.chat_id if self.message else self.params.get("chat_id") or self.world.group_id
        return self.world.chat(int(chat_id))

    def by(self, *standings: str) -> bool:
        """Whether whoever did it stands so in the group."""
        status = self.world.chat(self.world.group_id).status_of(int(self.params.get("user_id") or 0))
        return status in standings

    def pressed(self, data: str) -> bool:
        """Whether a button was pressed whose callback data begin so."""
        return str(self.params.get("data", "")).startswith(data)

    @property
    def is_table(self) -> bool:
        """Whether a file was sent that may hold figures."""
        return str(self.params.get("name", "")).lower().endswith((".csv", ".tsv", ".xlsx", ".json"))

    def asked(self, command: str) -> bool:
        """Whether the bot's message follows this command of a manager's."""
        return self._commanded(command, list(self.chat.messages.values())[-8:])

    def answers(self, command: str) -> bool:
        """Whether nothing stands between the bot's message and this command of a manager's."""
        return self._commanded(command, list(self.chat.messages.values())[-2:-1])

    def _commanded(self, command: str, latest: list[Message]) -> bool:
        group = self.world.chat(self.world.group_id)
        return any(
            str(m.content.get("text", "")).startswith(command)
            and group.status_of(m.sender_id) in ("creator", "administrator")
            for m in latest
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to try: its words by language (what, and what it shows), where "show me" leads, when it is done.

    `show` knows: `as` (manager, member, newcomer), `chat` (group, private), `fill` (words for the composer; one
    for each language), `point` (an element of the page, or "message", "keys", "sample", "time").
    """

    id: str
    words: dict[str, tuple[str, str]]
    show: Json
    when: Callable[[Deed], bool]


STEPS = (
    Step(
        "stats",
        {
            "en": ("Ask /stats as the owner", "The bot answers with a picture of the week."),
            "zh": ("以群主身份发送 /stats", "机器人会用一张图回答本周的情况。"),
        },
        {"as": "manager", "chat": "group", "fill": {"en": "/stats", "zh": "/stats"}},
        lambda deed: bool(deed.message and "photo" in deed.message.content and deed.asked("/stats")),
    ),
    Step(
        "press",
        {
            "en": ("Press a button below the answer", "Other spans, comparisons, where a figure comes from."),
            "zh": ("点一下回答下面的按钮", "换时间段、做对比、看数字从哪里来。"),
        },
        {"as": "manager", "chat": "group", "point": "keys"},
        lambda deed: deed.name == "press" and not deed.chat.is_private,
    ),
    Step(
        "write",
        {
            "en": ("Become a member and write", "Everyone in the group is yours to play."),
            "zh": ("换成普通成员，说句话", "群里每个人都可以由你来扮演。"),
        },
        {"as": "member", "chat": "group", "fill": {"en": "Good evening everyone", "zh": "大家晚上好"}},
        lambda deed: deed.name in ("send", "send_file") and not deed.chat.is_private and deed.by("member"),
    ),
    Step(
        "react",
        {
            "en": ("React to a message", "Tap a message, then an emoji. The bot counts it."),
            "zh": ("给一条消息表情回应", "点消息，再点表情，机器人会计入互动。"),
        },
        {"chat": "group", "point": "message"},
        lambda deed: deed.name == "react",
    ),
    Step(
        "join",
        {
            "en": ("Join as a newcomer", "Somebody who is not in the group yet comes in."),
            "zh": ("以新人身份加入群组", "让一个还不在群里的人进来。"),
        },
        {"as": "newcomer", "chat": "group", "point": "#enter"},
        lambda deed: deed.name == "join" and not deed.params.get("added_by") and deed.by(*PRESENT),
    ),
    Step(
        "drop",
        {
            "en": ("Make a drop", "Send the bot what shall be posted, then press Schedule."),
            "zh": ("做一条投放", "把要发布的内容发给机器人，再点“定时”。"),
        },
        {
            "as": "manager",
            "chat": "private",
            "fill": {"en": "New bags on Friday. Which colour is yours?", "zh": "周五上新包，你最想要哪个颜色？"},
        },
        lambda deed: deed.name == "press" and deed.pressed("drop:confirm:"),
    ),
    Step(
        "queue",
        {
            "en": ("See it in the queue: /queue", "Move it, pause it, cancel it; /calendar shows the month."),
            "zh": ("在队列里查看：/queue", "可修改、暂停、取消；/calendar 看整月安排。"),
        },
        {"as": "manager", "chat": "private", "fill": {"en": "/queue", "zh": "/queue"}},
        lambda deed: bool(deed.message and deed.chat.is_private and deed.asked("/queue")),
    ),
    Step(
        "did",
        {
            "en": ("See what it did: /drop 1", "Choose ×3600 until it is out, then ask."),
            "zh": ("看看效果：/drop 1", "把时间调到 ×3600，发布后再问。"),
        },
        {"as": "manager", "chat": "private", "fill": {"en": "/drop 1", "zh": "/drop 1"}, "point": "time"},
        lambda deed: bool(deed.message and "photo" in deed.message.content and deed.answers("/drop ")),
    ),
    Step(
        "figures",
        {
            "en": ("Send the bot figures in private", "A table of your videos' figures; a sample is at hand."),
            "zh": ("私聊把数据表发给机器人", "视频数据表格；这里备有一份样例。"),
        },
        {"as": "manager", "chat": "private", "point": "sample"},
        lambda deed: deed.name == "send_file" and deed.chat.is_private and deed.is_table,
    ),
    Step(
        "privacy",
        {
            "en": ("Look at what is kept: /mydata", "In private, as a member: all the bot knows of you."),
            "zh": ("发送 /mydata 查看留存的数据", "以成员身份私聊：机器人知道你的哪些事。"),
        },
        {"as": "member", "chat": "private", "fill": {"en": "/mydata", "zh": "/mydata"}},
        lambda deed: deed.name == "send" and str(deed.params.get("text", "")).startswith(("/mydata", "/privacy")),
    ),
    Step(
        "language",
        {
            "en": ("Switch the page to 中文", "And back: every word is in both languages."),
            "zh": ("把页面切换成 English", "再换回来：所有文字都有两种语言。"),
        },
        {"point": "#language"},
        lambda deed: deed.name == "turn_page",
    ),
)


def follow(deed: Deed) -> None:
    """Tick off what this deed was about; the pages are told."""
    progress = deed.world.guide
    for step in STEPS:
        if step.id not in progress.done and step.when(deed):
            progress.done.append(step.id)
            deed.world.broadcast.publish({"type": "guide", "id": step.id, "hidden": progress.hidden})


def hide(world: World, *, hidden: bool) -> None:
    """Put the list away, or bring it back."""
    world.guide.hidden = hidden
    world.broadcast.publish({"type": "guide", "id": "", "hidden": hidden})


def as_json(world: World) -> list[Json]:
    """The list as the page shows it."""
    return [
        {"id": step.id, "done": step.id in world.guide.done, "words": step.words, "show": step.show} for step in STEPS
    ]

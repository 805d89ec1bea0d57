"""The people of the seeded community, and what they say."""

from __future__ import annotations

from typing import NamedTuple


class Person(NamedTuple):
    """A member as cast: names, language, and what kind of member they are."""

    first_name: str
    last_name: str
    username: str
    language: str
    part: str  # creator, admin, regular, buyer, casual, fader, newcomer, lurker


TITLE = "小鹿日常 · Deer Diaries"
TOPICS = (("新片首发 · New drops", 16766590), ("好物与下单 · Shop talk", 13338331))

CREATOR = Person("Lin", "林", "lin_deer", "zh-hans", "creator")
ADMIN = Person("Ava", "Chen", "ava_chen", "en", "admin")

_ZH = (
    "小鹿🦌|李明|王芳|张伟|陈静|刘洋|赵小雨|周杰|吴梦|徐强|孙丽|马超|朱婷|胡月|郭亮|何苗|高远|罗阳|梁爽|宋佳|"
    "阿杰|橙子🍊|夏天☀️|一只猫|七七|豆豆|南风|小满|山茶|木子"
)
_EN = (
    "Mia 🌸|Noah|Emma|Liam|Olivia Park|Kai|Sofia Rossi|Ben|Chloe ✨|Lucas|Hana|Oscar|Ruby|Jonas|Ivy 🌿|Max|Nina|"
    "Theo|Zara|Leo 🎬|Amelie|Tom|Yuki|Sam|Priya|Diego|Freya|Marta"
)


def cast() -> list[Person]:
    """Sixty people: the creator, an administrator, and fifty-eight members of every habit."""
    names = [(n, "zh-hans") for n in _ZH.split("|")] + [(n, "en") for n in _EN.split("|")]
    # Spread both languages over all parts of the list, always the same way.
    ordered = [names[(i * 23) % len(names)] for i in range(len(names))]
    parts = ["regular"] * 16 + ["buyer"] * 7 + ["casual"] * 11 + ["fader"] * 8 + ["newcomer"] * 9 + ["lurker"] * 7
    people = [CREATOR, ADMIN]
    for index, ((name, language), part) in enumerate(zip(ordered, parts, strict=True)):
        first, _, last = name.partition(" ")
        username = f"{first.lower()}_{index}" if first.isascii() and index % 3 else ""
        people.append(Person(first, last, username, language, part))
    return people


_LATER_ZH = (
    "阿禾|秋刀鱼|江江|老周|木棉|一颗糖|陈默|林夕|小鱼干|云朵☁️|沈舟|白茶|丁丁|苏苏|方圆|大熊|知夏|何以|顾北|青柠🍋"
)
_LATER_EN = (
    "Ella|Hugo|Maya ☀️|Felix|Iris|Owen|Lena|Ravi|Alice W.|Marco|June|Pablo|Tess|Arlo|Nora 🐾|Eli|Clara|Finn|Rosa|Kenji"
)


def later() -> list[Person]:
    """Forty people who find the group after the sandbox opened, in the order in which they come."""
    pairs = zip(_LATER_ZH.split("|"), _LATER_EN.split("|"), strict=True)
    found = [(name, language) for pair in pairs for name, language in zip(pair, ("zh-hans", "en"), strict=True)]
    people: list[Person] = []
    for index, (name, language) in enumerate(found):
        first, _, last = name.partition(" ")
        part = ("newcomer", "newcomer", "buyer", "lurker", "fader")[index % 5]
        people.append(Person(first, last, f"{first.lower()}_n{index}" if first.isascii() else "", language, part))
    return people


VISITORS = (
    Person("Zoe", "佐伊", "zoe_new", "en", "visitor"),
    Person("新来的阿宁", "", "", "zh-hans", "visitor"),
)

WORDS = {
    "zh-hans": {
        "thing": [
            "新片",
            "封面",
            "剪辑",
            "配乐",
            "转场",
            "这条视频",
            "结尾",
            "开头三秒",
            "字幕",
            "滤镜",
            "那件外套",
            "帆布包",
            "杯子",
            "日历",
            "围巾",
        ],
        "place": ["抖音", "B站", "TikTok", "公园", "阳台", "地铁上", "公司楼下", "咖啡店"],
        "number": ["3", "5", "8", "12", "20", "30", "99"],
    },
    "en": {
        "thing": [
            "the new clip",
            "that cover",
            "the edit",
            "the soundtrack",
            "that cut",
            "the ending",
            "the first three seconds",
            "the tote",
            "the mug",
            "the calendar",
            "the scarf",
            "the caption",
            "the colour grade",
        ],
        "place": ["TikTok", "Bilibili", "Douyin", "the park", "the train", "my balcony", "the studio", "the café"],
        "number": ["2", "3", "5", "8", "12", "20", "40"],
    },
}

SAYINGS = {
    "zh-hans": [
        "{thing}太好看了",
        "哈哈哈哈哈",
        "{thing}用的什么软件呀？",
        "已三连",
        "晚上好大家",
        "我在{place}刷到了",
        "求链接",
        "{thing}什么时候补货",
        "刚下单，等发货",
        "蹲一个{thing}",
        "这次的{thing}比上次好",
        "同意",
        "+1",
        "有人一起拼单吗",
        "我觉得{thing}可以再短一点",
        "早上好☀️",
        "今天拍了{number}条素材",
        "在{place}拍的，光线不错",
        "谢谢分享",
        "学到了",
        "{thing}笑死我了",
        "收到货了，质感很好",
        "周末有直播吗？",
        "评论区第{number}名是我",
        "看了{number}遍",
        "帮顶",
        "这个转场怎么做的",
        "哪里可以看完整版",
        "晚安🌙",
        "我家猫也喜欢{thing}",
        "发给朋友了，她也买了",
        "期待下一条",
        "{place}的播放好像涨了",
        "不错不错",
        "真的假的",
        "冲！",
        "下班了来看看",
        "{thing}的颜色绝了",
        "我投{thing}一票",
        "昨天{place}的那条爆了",
        "有点想哭",
        "建议出教程",
        "刚睡醒，错过了什么",
    ],
    "en": [
        "love {thing}",
        "haha same",
        "what did you use for {thing}?",
        "watched it {number} times already",
        "good evening everyone",
        "saw this on {place} first",
        "link please 🙏",
        "when is {thing} back in stock?",
        "just ordered, can't wait",
        "{thing} is better than last time",
        "agreed",
        "+1",
        "anyone up for a group order?",
        "maybe {thing} could be shorter",
        "morning ☀️",
        "shot {number} takes today",
        "filmed this at {place}",
        "thanks for sharing",
        "TIL",
        "{thing} got me",
        "mine arrived, feels great",
        "is there a live this weekend?",
        "how did you do that transition",
        "night all 🌙",
        "sent it to my sister, she bought one too",
        "can't wait for the next one",
        "views on {place} look good",
        "nice one",
        "no way",
        "off work, catching up",
        "the colour of {thing} is unreal",
        "{thing} gets my vote",
        "tutorial please?",
        "just woke up, what did I miss",
        "ok this is my favourite so far",
        "brb",
        "so calm, so good",
        "who is the voice at the end?",
    ],
}

# What buyers say: on ordering, when the parcel is there, and between.
ORDERING = {
    "zh-hans": ["刚下单《{video}》同款，等发货 📦", "看完《{video}》没忍住，下单了", "订单提交了，这次买了{number}件"],
    "en": [
        'just ordered the one from "{video}" 📦',
        '"{video}" made me do it: ordered',
        "order placed, {number} of them this time",
    ],
}
THANKS = {
    "zh-hans": ["快递到啦，谢谢小鹿 🙏", "《{video}》同款收到了，质感很好", "包裹到了，包装好用心，谢谢"],
    "en": [
        "parcel is here, thank you 🙏",
        'got the one from "{video}", feels great',
        "arrived today, lovely packing, thanks",
    ],
}
BUYING = {
    "zh-hans": [
        "{thing}还有货吗？",
        "运费多少呀",
        "能开发票吗",
        "订单到哪了，帮查一下",
        "{thing}补货了吗",
        "有人用过{thing}吗",
    ],
    "en": [
        "is {thing} still in stock?",
        "how much is shipping?",
        "where can I see my order?",
        "any discount on {thing}?",
        "did anyone's parcel arrive yet?",
        "has anybody got {thing}? worth it?",
    ],
}
HELLOS = {
    "zh-hans": ["大家好，刚进群", "新人报到 🙋", "从抖音过来的，大家好"],
    "en": ["hi all, new here", "hello from TikTok 👋", "just joined, what did I miss?"],
}

DROPS = (
    "新片：雨天的通勤 🌧 Rainy commute is out",
    "新片：一个人的火锅 🍲 Hotpot for one",
    "新片：拆箱冬日系列 🧣 Unboxing the winter set",
    "新片：六点的厨房 🍳 The kitchen at six",
    "新片：和小鹿去海边 🌊 To the sea with Xiaolu",
    "新片：三十秒做早餐 🥞 Breakfast in thirty seconds",
    "新片：把阳台变成花园 🌿 A balcony becomes a garden",
    "新片：第一次露营 ⛺ First camping night",
    "新片：旧物新生 🪡 Old things, new life",
    "新片：城市夜骑 🚲 Night ride through town",
)
REACTIONS = ["👍", "❤", "🔥", "🎉", "😁", "👏", "🤩", "💯", "😍", "🤔"]
REACTION_WEIGHTS = (26, 24, 16, 6, 10, 7, 4, 3, 3, 1)

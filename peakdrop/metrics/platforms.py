"""The platforms people post to, by one name each."""

from __future__ import annotations

import re
import unicodedata

OTHER = "other"  # a file that does not name its platform

ALIASES = {
    "douyin": ("抖音", "抖音号", "抖音短视频"),
    "tiktok": ("tik tok", "抖音国际版"),
    "youtube": ("yt", "油管", "youtube shorts", "shorts", "you tube"),
    "xiaohongshu": ("小红书", "xhs", "red", "rednote", "红薯"),
    "wechat": ("视频号", "微信视频号", "微信", "wechat channels", "channels", "weixin"),
    "bilibili": ("b站", "哔哩哔哩", "bili"),
    "kuaishou": ("快手", "kwai"),
    "weibo": ("微博", "新浪微博"),
    "xigua": ("西瓜视频", "西瓜"),
    "instagram": ("ig", "reels", "instagram reels"),
    "facebook": ("fb",),
    "telegram": ("tg", "电报"),
    "shopify": (),
    "stripe": (),
    "woocommerce": ("woo",),
    OTHER: ("其他", "其它"),
}
_NAMES = {alias: name for name, aliases in ALIASES.items() for alias in (name, *aliases)}


def platform_name(written: str) -> str:
    """One name for a platform however it is written; unknown ones keep their own, in small letters."""
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", written)).strip().lower()
    return _NAMES.get(plain, plain)[:60] or OTHER

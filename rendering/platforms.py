"""Names of platforms and shops as people call them."""

from __future__ import annotations

from collections.abc import Iterable

from rendering.catalog import Catalog, escape


def platform_label(platform: str, catalog: Catalog) -> str:
    """A platform's name in this language, safe for HTML; one we do not know keeps its own."""
    names = {
        "douyin": catalog.gettext("Douyin"),
        "xiaohongshu": catalog.gettext("Xiaohongshu"),
        "wechat": catalog.gettext("WeChat Channels"),
        "bilibili": catalog.gettext("Bilibili"),
        "kuaishou": catalog.gettext("Kuaishou"),
        "weibo": catalog.gettext("Weibo"),
        "xigua": catalog.gettext("Xigua"),
        "other": catalog.gettext("no platform named"),
        "tiktok": "TikTok",
        "youtube": "YouTube",
        "instagram": "Instagram",
        "facebook": "Facebook",
        "telegram": "Telegram",
        "shopify": "Shopify",
        "stripe": "Stripe",
        "woocommerce": "WooCommerce",
    }
    return names.get(platform) or escape(platform)


def listed(texts: Iterable[str], catalog: Catalog) -> str:
    """a, b, c or a、b、c."""
    return ("、" if catalog.is_chinese else ", ").join(texts)

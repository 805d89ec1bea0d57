// A message in a few words: for the list of chats, quotes, pins and service notes.
import { chat, fullName, letters, nameOf, store } from "./store.js";
import { t } from "./words.js";

export const senderName = (m) => (m.sender_chat ? m.sender_chat.title : m.from ? fullName(store.users.get(m.from.id) ?? m.from) : m.chat?.title ?? "?");
export const senderKey = (m) => m.sender_chat?.id ?? m.from?.id ?? m.chat?.id ?? 0;
export const isMine = (m) => m.from?.id === store.me && !m.sender_chat;

export const KINDS = ["animation", "photo", "video", "document", "voice", "audio", "video_note", "sticker", "dice", "poll", "invoice", "location", "contact"];

export function gist(m) {
  if (!m) return "";
  if (m.is_service) return serviceText(m);
  const words = (m.text ?? m.caption ?? "").replaceAll("\n", " ");
  const kind = KINDS.find((k) => m[k]);
  return [kind ? label(kind, m) : "", words].filter(Boolean).join(" · ");
}

function label(kind, m) {
  if (kind === "photo") return m.media_group_id ? t("album") : t("photo");
  if (kind === "video") return m.media_group_id ? t("album") : t("video");
  if (kind === "document") return m.document.file_name ?? t("document");
  if (kind === "audio") return [m.audio.performer, m.audio.title].filter(Boolean).join(" – ") || m.audio.file_name || t("audio");
  if (kind === "sticker") return `${m.sticker.emoji ?? ""} ${t("sticker")}`.trim();
  if (kind === "dice") return m.dice.emoji;
  if (kind === "poll") return `📊 ${m.poll.question}`;
  if (kind === "invoice") return `🧾 ${m.invoice.title}`;
  return t(kind);
}

export function shortened(text, longest = 32) {
  const found = letters(text);
  return found.length > longest ? `${found.slice(0, longest - 1).join("").trimEnd()}…` : text;
}

export const stars = (n) => `⭐ ${Number(n).toLocaleString("en")}`;

export function serviceText(m) {
  const name = senderName(m);
  const people = (m.new_chat_members ?? [m.left_chat_member]).filter(Boolean);
  const who = people.map((p) => fullName(p)).join(", ");
  const self = people[0]?.id === m.from?.id;
  if (m.new_chat_members) return self ? t("joined", { name: who }) : t("added", { name, who });
  if (m.left_chat_member) return self ? t("left", { name: who }) : t("removed", { name, who });
  if (m.pinned_message) return t("pinned_by", { name, what: shortened(gist(m.pinned_message)) });
  if (m.forum_topic_created) return t("topic_by", { name, what: m.forum_topic_created.name });
  if (m.forum_topic_edited) return t("topic_edited", { name, what: m.forum_topic_edited.name ?? "" });
  if (m.forum_topic_closed) return t("topic_closed", { name });
  if (m.forum_topic_reopened) return t("topic_reopened", { name });
  if (m.migrate_to_chat_id || m.migrate_from_chat_id) return t("upgraded");
  if (m.successful_payment) return t("paid", { name, what: stars(m.successful_payment.total_amount), who: chat()?.type === "private" ? fullName(store.users.get(store.botId)) : nameOf(store.botId) });
  if (m.refunded_payment) return t("refunded", { name: fullName(store.users.get(store.botId)), what: stars(m.refunded_payment.total_amount) });
  if (m.web_app_data) return t("app_sent", { what: m.web_app_data.button_text });
  if (m.new_chat_title) return t("retitled", { name, what: m.new_chat_title });
  return t("service");
}

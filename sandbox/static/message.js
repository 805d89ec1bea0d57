// One message as the log shows it.
import { el } from "/static/elements.js";
import { chat, colour, fileUrl, fullName, initial, isPresent, memberOf, store } from "/static/store.js";
import { formatted } from "/static/text.js";
import { language, t } from "/static/words.js";

const locale = () => (language === "zh" ? "zh-CN" : "en-GB");
export const clock = (date) => new Date(date * 1000).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" });

export function day(date) {
  const then = new Date(date * 1000);
  const midnight = (d) => new Date(d).setHours(0, 0, 0, 0);
  const ago = Math.round((midnight(Date.now()) - midnight(then)) / 86400000);
  if (ago === 0) return t("today");
  if (ago === 1) return t("yesterday");
  return then.toLocaleDateString(locale(), { day: "numeric", month: "long" });
}

export const senderName = (m) => (m.sender_chat ? m.sender_chat.title : fullName(store.users.get(m.from?.id) ?? m.from));
export const senderKey = (m) => (m.sender_chat ? m.sender_chat.id : m.from?.id);
export const isMine = (m) => m.from?.id === store.me;

export function gist(m) {
  if (!m) return "";
  if (m.is_service) return serviceText(m);
  const kind = ["photo", "video", "document", "voice"].find((k) => m[k]);
  const words = m.text ?? m.caption ?? "";
  const label = kind === "document" ? m.document.file_name : kind ? t(kind) : "";
  return [label, words.replaceAll("\n", " ")].filter(Boolean).join(" · ");
}

function shortened(text) {
  const letters = [...new Intl.Segmenter().segment(text)].map((s) => s.segment);
  return letters.length > 32 ? `${letters.slice(0, 31).join("").trimEnd()}…` : text;
}

export function serviceText(m) {
  const name = senderName(m);
  const people = (m.new_chat_members ?? [m.left_chat_member]).filter(Boolean);
  const who = people.map(fullName).join(", ");
  const self = people[0]?.id === m.from?.id;
  if (m.new_chat_members) return self ? t("joined", { name: who }) : t("added", { name, who });
  if (m.left_chat_member) return self ? t("left", { name: who }) : t("removed", { name, who });
  if (m.pinned_message) return t("pinned_by", { name, what: shortened(gist(m.pinned_message)) });
  if (m.forum_topic_created) return t("topic_by", { name, what: m.forum_topic_created.name });
  if (m.forum_topic_closed) return t("topic_closed", { name });
  if (m.forum_topic_reopened) return t("topic_reopened", { name });
  if (m.migrate_to_chat_id || m.migrate_from_chat_id) return t("upgraded");
  return t("service");
}

export function face(id, name, size = "") {
  return el("span", { class: `face ${size} f${colour(id)}`, "aria-hidden": "true" }, initial(name));
}

function box(width, height) {
  const scale = Math.min((width > height ? 480 : 320) / width, 400 / height, 1.6);
  return [Math.max(120, Math.round(width * scale)), Math.max(90, Math.round(height * scale))];
}

function media(m, on) {
  if (m.photo) {
    const largest = m.photo.at(-1);
    const [width, height] = box(largest.width, largest.height);
    const picture = el("img", { src: fileUrl(largest), width, height, alt: m.caption ?? t("photo"), loading: "lazy", decoding: "async" });
    const frame = el("button", { class: "media", type: "button", "aria-label": t("photo"), onclick: (e) => { e.stopPropagation(); on.view(fileUrl(largest), m.caption); } }, picture);
    return sized(frame, width, height);
  }
  if (m.video) {
    const [width, height] = box(m.video.width, m.video.height);
    const poster = m.video.thumbnail && fileUrl(m.video.thumbnail);
    const inside = poster
      ? [el("img", { src: poster, width, height, alt: t("video"), loading: "lazy" }), el("span", { class: "play" }, el("i"))]
      : [el("video", { src: fileUrl(m.video), controls: true, preload: "metadata", width, height })];
    return sized(el("div", { class: "media" }, ...inside), width, height);
  }
  if (m.document) {
    const size = m.document.file_size < 1e6 ? `${Math.ceil(m.document.file_size / 1000)} kB` : `${(m.document.file_size / 1e6).toFixed(1)} MB`;
    return el("a", { class: "file", href: fileUrl(m.document), download: m.document.file_name, onclick: (e) => e.stopPropagation() },
      el("i", { "aria-hidden": "true" }, "↓"), el("span", {}, m.document.file_name, el("small", {}, size)));
  }
  return m.voice ? el("span", { class: "file" }, el("i", { "aria-hidden": "true" }, "▶"), el("span", {}, t("voice"), el("small", {}, "0:07"))) : null;
}

function sized(frame, width, height) {
  frame.dataset.width = width;
  frame.style.aspectRatio = `${width} / ${height}`;
  return frame;
}

function quoted(m, on) {
  const target = m.reply_to_message;
  if (!target || target.forum_topic_created) return null;
  return el("button", { class: "quote", type: "button", onclick: (e) => { e.stopPropagation(); on.jump(target.message_id); } },
    el("b", { class: `n${colour(senderKey(target))}` }, senderName(target)), el("span", {}, gist(target)));
}

function nameLine(m) {
  const member = memberOf(chat(), m.from?.id);
  const mark = m.sender_chat ? m.author_signature || t("admin_mark") : member?.title ||
    { creator: t("owner_mark"), administrator: t("admin_mark") }[member?.status];
  return el("span", { class: `name n${colour(senderKey(m))}` }, el("span", {}, senderName(m)), mark ? el("small", {}, mark) : null);
}

function reactionRow(m, on) {
  if (!m.reactions?.length) return null;
  return el("span", { class: "reactions" }, ...m.reactions.map((r) => {
    const emoji = r.type.emoji ?? "★";
    const names = r.users.slice(0, 5).map((id) => fullName(store.users.get(id))).join(", ");
    return el("button", {
      type: "button", "aria-pressed": String(r.users.includes(store.me)), title: names, "aria-label": `${emoji} ${r.count}: ${names}`,
      onclick: (e) => { e.stopPropagation(); on.react(m, emoji); },
    }, `${emoji} ${r.count}`);
  }));
}

function keyboard(m, on) {
  const rows = m.markup?.inline_keyboard;
  if (!rows) return null;
  return el("div", { class: "keys" }, ...rows.map((row) => el("div", {}, ...row.map((key) => {
    if (key.url) return el("a", { href: key.url, target: "_blank", rel: "noopener noreferrer" }, key.text);
    return el("button", { type: "button", onclick: (e) => on.press(m, key, e.currentTarget) }, key.text);
  }))));
}

const onlyEmoji = (text) => text && text.length <= 11 && /^(\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f){1,8}$/u.test(text);

export function messageNode(m, on) {
  if (m.is_service) return el("li", { class: "pill", id: `m${m.message_id}` }, el("span", {}, serviceText(m)));
  const mine = isMine(m);
  const group = chat().type !== "private";
  const words = m.text ?? m.caption;
  const bare = (m.photo || m.video) && !words && !m.reactions?.length;
  const meta = el("span", { class: "meta" }, m.edit_date ? `${t("edited")} ` : "", el("time", { datetime: new Date(m.date * 1000).toISOString() }, clock(m.date)));
  const bubble = el("div", { class: `bubble${bare ? " bare" : ""}` },
    group && !mine ? nameLine(m) : null,
    quoted(m, on),
    media(m, on),
    words ? el("span", { class: `text${onlyEmoji(m.text) ? " big" : ""}` }, formatted(words, m.entities ?? m.caption_entities, on.command)) : null,
    meta,
    reactionRow(m, on),
    isPresent(chat(), store.me) ? el("button", { class: "hidden", type: "button", "aria-label": t("actions"), onclick: (e) => { e.stopPropagation(); on.menu(m, e.currentTarget.parentNode); } }) : null);
  const frame = bubble.querySelector(".media");
  if (frame) bubble.style.width = `${frame.dataset.width}px`;
  bubble.addEventListener("click", (event) => {
    if (!event.target.closest("a, button, video") && !String(getSelection())) on.menu(m, bubble, [event.clientX, event.clientY]);
  });
  return el("li", { id: `m${m.message_id}`, class: mine ? "mine" : "" },
    group && !mine ? face(senderKey(m), senderName(m), "small") : null,
    el("div", { class: "stack" }, bubble, keyboard(m, on)));
}

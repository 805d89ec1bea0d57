// One message, or the messages of an album, as the log shows them.
import { el } from "./elements.js";
import { messageMenu, react, runCommand, whoReacted } from "./doing.js";
import { inlineKeys } from "./keys.js";
import { jump } from "./log.js";
import { isBare, isFramed, mediaNode } from "./media.js";
import { clock } from "./moment.js";
import { pollNode } from "./poll.js";
import { gist, isMine, senderKey, senderName, serviceText, stars } from "./saying.js";
import { chat, colour, initial, isPresent, memberOf, nameOf, store } from "./store.js";
import { formatted } from "./text.js";
import { t } from "./words.js";

export function face(id, name, size = "") {
  return el("span", { class: `face ${size} f${colour(id)}`, "aria-hidden": "true" }, initial(name));
}

function quoted(m) {
  const target = m.reply_to_message;
  if (!target || target.forum_topic_created) return null;
  const thumb = target.photo?.[0] ?? target.video?.thumbnail;
  return el("button", { class: "quote", onclick: () => jump(target.message_id) },
    thumb ? el("img", { src: `/sandbox/files/${thumb.file_unique_id}`, alt: "", width: 34, height: 34 }) : null,
    el("span", {}, el("b", { class: `n${colour(senderKey(target))}` }, senderName(target)), el("span", {}, m.quote?.text ?? gist(target))));
}

function origin(m) {
  const from = m.forward_origin;
  if (!from || m.is_automatic_forward) return null;
  const name = from.sender_user ? nameOf(from.sender_user.id) : from.sender_user_name ?? from.sender_chat?.title ?? from.chat?.title ?? "";
  return el("span", { class: "origin" }, t("forwarded", { name }));
}

function nameLine(m) {
  const member = m.from && !m.sender_chat ? memberOf(chat(), m.from.id) : null;
  const mark = m.sender_chat ? m.author_signature || (m.sender_chat.id === chat().id ? t("admin_mark") : t("channel")) : member?.title ||
    { creator: t("owner_mark"), administrator: t("admin_mark") }[member?.status];
  const via = m.via_bot ? el("i", {}, t("via", { name: m.via_bot.username })) : null;
  return el("span", { class: `name n${colour(senderKey(m))}` }, el("span", {}, senderName(m)), via, mark ? el("small", {}, mark) : null);
}

function reactionRow(m) {
  if (!m.reactions?.length) return null;
  return el("span", { class: "reactions" }, m.reactions.map((r) => {
    const emoji = r.type.emoji ?? "⭐";
    const names = r.users.slice(0, 5).map(nameOf).join(", ");
    return el("button", {
      "aria-pressed": String(r.users.includes(store.me)), title: names, "aria-label": `${emoji} ${r.count}: ${names}`,
      onclick: () => react(m, emoji),
      oncontextmenu: (e) => { e.preventDefault(); whoReacted(m); },
    }, `${emoji} ${r.count}`);
  }));
}

function invoice(m) {
  if (!m.invoice) return null;
  return el("div", { class: "invoice" }, el("b", {}, m.invoice.title), el("p", {}, m.invoice.description), el("span", { class: "price" }, stars(m.invoice.total_amount)));
}

function place(m) {
  const { latitude, longitude } = m.location ?? m.venue.location;
  return el("a", { class: "file", href: `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}`, target: "_blank", rel: "noopener noreferrer" },
    el("i", {}, "📍"), el("span", {}, m.venue?.title ?? t("location"), el("small", {}, `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`)));
}

const onlyEmoji = (text) => text && text.length <= 11 && /^(\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f){1,8}$/u.test(text);

function foot(m) {
  const marks = [m.edit_date && !m.poll ? `${t("edited")} ` : "", m.author_signature && chat().type === "channel" ? `${m.author_signature}, ` : ""];
  return el("span", { class: "meta" }, ...marks, el("time", { datetime: new Date(m.date * 1000).toISOString() }, clock(m.date)));
}

function bubbleOf(messages) {
  const m = messages[0];
  const named = chat().type !== "private" && !isMine(m);
  const speaking = messages.find((part) => part.caption) ?? m;
  const words = m.text ?? speaking.caption;
  const framed = isFramed(m) && messages.every(isFramed);
  const classes = ["bubble", framed && !words && !m.reactions?.length ? "bare" : "", isBare(m) ? "loose" : ""];
  const heading = named && !isBare(m) ? nameLine(m) : null;
  const media = mediaNode(messages);
  const above = speaking.show_caption_above_media && framed;
  const text = words ? el("span", { class: `text${onlyEmoji(m.text) ? " big" : ""}` }, formatted(words, m.entities ?? speaking.caption_entities, runCommand)) : null;
  const bubble = el("div", { class: classes.filter(Boolean).join(" ") },
    heading, origin(m), quoted(m), above ? text : null, media, m.location || m.venue ? place(m) : null, m.poll ? pollNode(m) : null, invoice(m),
    above ? null : text, foot(m), reactionRow(m));
  if (named) bubble.append(face(senderKey(m), senderName(m), "small"));
  if (chat().type === "private" || isPresent(chat(), store.me)) {
    bubble.append(el("button", { class: "hidden", "aria-label": t("actions"), onclick: () => messageMenu(m, bubble) }));
    bubble.addEventListener("click", (event) => {
      if (!event.target.closest("a, button, video, input, label, [role=button]") && !String(getSelection())) messageMenu(m, bubble, [event.clientX, event.clientY]);
    });
    bubble.addEventListener("contextmenu", (event) => { if (!event.target.closest("a, video, .reactions button")) { event.preventDefault(); messageMenu(m, bubble, [event.clientX, event.clientY]); } });
  }
  return bubble;
}

export function messageNode(messages) {
  const m = messages[0];
  if (m.is_service) return el("li", { class: `pill${m.successful_payment ? " receipt" : ""}`, id: `m${m.message_id}` }, el("span", {}, serviceText(m)));
  const bubble = bubbleOf(messages);
  const stack = el("div", { class: "stack" }, bubble, inlineKeys(m));
  const width = messages.every(isFramed) && bubble.querySelector(".media")?.dataset.width;
  if (width) stack.style.width = `${width}px`;
  return el("li", { id: `m${m.message_id}`, class: isMine(m) ? "mine" : "" }, stack);
}

// What one does to a message: react, reply, edit, copy, forward, pin, delete.
import { ask, attempt, closeMenu, el, item, openMenu, openSheet, toast } from "./elements.js";
import { chooseChat } from "./chats.js";
import { startEdit, startReply } from "./composer.js";
import { jump } from "./log.js";
import { isMine } from "./saying.js";
import { act, chat, here, isAdmin, nameOf, store } from "./store.js";
import { t } from "./words.js";

export const react = (m, emoji) => attempt(act("react", here({ message_id: m.message_id, emoji })));
export const runCommand = (text) => attempt(act("send", here({ text, thread_id: store.threadId })));

export function whoReacted(m) {
  openSheet(t("who_reacted"), m.reactions.map((r) => [
    el("h3", {}, `${r.type.emoji ?? "⭐"} ${r.count}`),
    el("ul", { class: "plain" }, r.users.map((id) => el("li", {}, nameOf(id)))),
  ]));
}

function emojiRow(m) {
  const chosen = m.reactions?.filter((r) => r.users.includes(store.me)).map((r) => r.type.emoji) ?? [];
  return el("div", { class: "emoji" }, store.reactions.map((e) => el("button", {
    role: "menuitemcheckbox", "aria-checked": String(chosen.includes(e)), "aria-label": e, onclick: () => { closeMenu(); react(m, e); },
  }, e)));
}

async function copyWords(m) {
  await navigator.clipboard.writeText(m.text ?? m.caption);
  toast(t("copied"));
}

function forward(m) {
  chooseChat(t("forward_to"), (c) => act("forward", here({ message_id: m.message_id, to_chat_id: c.id })));
}

export function messageMenu(m, anchor, at) {
  const c = chat();
  const admin = c.type === "private" || isAdmin(c, store.me);
  const about = (action) => () => attempt(act(action, here({ message_id: m.message_id })));
  const isPinned = c.pinned.includes(m.message_id);
  const canEdit = isMine(m) && (m.text !== undefined || m.caption !== undefined || m.photo || m.video || m.document) && !m.via_bot;
  openMenu(anchor, [
    emojiRow(m), el("hr"),
    item(t("reply"), () => startReply(m)),
    canEdit && item(t("edit"), () => startEdit(m)),
    (m.text ?? m.caption) && item(t("copy"), () => attempt(copyWords(m))),
    item(t("forward"), () => forward(m)),
    m.reactions?.length ? item(t("who_reacted"), () => whoReacted(m)) : null,
    m.reply_to_message && !m.reply_to_message.forum_topic_created && item(t("show_original"), () => jump(m.reply_to_message.message_id) || toast(t("too_old"))),
    isMine(m) && m.poll && !m.poll.is_closed && !m.forward_origin && item(t("stop_poll"), () => ask(t("stop_this"), t("stop_poll"), about("stop_poll"))),
    admin && item(t(isPinned ? "unpin" : "pin"), about(isPinned ? "unpin" : "pin")),
    (admin || isMine(m)) && item(t("remove"), () => ask(t("remove_this"), t("remove"), about("delete"), true), "danger"),
  ], at);
}

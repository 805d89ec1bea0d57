// The list of chats, and opening one.
import { $, attempt, el, onceAFrame, openSheet } from "./elements.js";
import { clearDraft, closeList } from "./composer.js";
import { face } from "./message.js";
import { when } from "./moment.js";
import { renderRoom } from "./room.js";
import { gist, senderName } from "./saying.js";
import { chat, chatName, isPresent, store } from "./store.js";
import { t } from "./words.js";

export const onPhone = () => matchMedia("(max-width: 819px)").matches;
export const faceOf = (c, size = "") => face(c.type === "private" ? store.botId : c.id, chatName(c), size);

const mine = (c) => (c.type === "private" ? c.id === store.me : !c.migrated_to);
export const myChats = () => [...store.chats.values()].filter(mine);

function lastOf(c) {
  let last = null;
  for (const m of c.messages.values()) last = m; // a Map has no end to ask for
  return last;
}

function chatRow(c) {
  const last = lastOf(c);
  let unread = 0;
  for (const [key, n] of store.unread) if (key.startsWith(`${c.id}/`)) unread += n;
  const own = last && (c.type === "private" || last.is_service || !last.from);
  const line = last ? (own ? gist(last) : t("new_message", { name: senderName(last), what: gist(last) })) : t("empty");
  return el("li", {}, el("button", { "aria-current": String(c.id === store.chatId), onclick: () => openChat(c.id) },
    faceOf(c), el("span", { class: "text" }, el("b", {}, chatName(c)), el("small", {}, line)),
    el("span", { class: "side" }, last ? when(last.date) : "", unread ? el("span", { class: "count" }, unread > 999 ? "999+" : String(unread)) : "")));
}

function drawChats() {
  if (!store.chats.size) return;
  const focused = [...$("chats").querySelectorAll("button")].indexOf(document.activeElement);
  $("chats").replaceChildren(...myChats().map(chatRow));
  if (focused >= 0) $("chats").querySelectorAll("button")[focused]?.focus({ preventScroll: true });
}

export const renderChats = onceAFrame(drawChats);

export function openChat(id, { stayInList = false, threadId } = {}) {
  if (id !== store.chatId) { clearDraft(); closeList(); }
  store.chatId = id;
  if (!chat().is_forum) store.threadId = null;
  else if (threadId !== undefined) store.threadId = threadId;
  if (!stayInList) document.body.dataset.view = "chat";
  renderRoom();
  renderChats();
  if (!stayInList && onPhone()) $("back").focus({ preventScroll: true }); // what was focused is out of sight now
}

export function showList() {
  document.body.dataset.view = "list";
  drawChats();
  $("chats").querySelector("button")?.focus();
}

// Where something goes: a sheet with the chats one may write in.
export function chooseChat(title, take) {
  const list = myChats().filter((c) => isPresent(c, store.me));
  const go = async (c) => { const ready = await take(c); if (ready !== false) openChat(c.id); };
  const sheet = openSheet(title, el("ul", { class: "rows" }, list.map((c) => el("li", {}, el("button", {
    onclick: () => { sheet.close(); attempt(go(c)); },
  }, faceOf(c, "small"), el("span", { class: "text" }, chatName(c)))))));
}

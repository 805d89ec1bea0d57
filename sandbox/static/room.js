// The open chat: its log, topics, pinned message, and what one does to messages.
import { $, closeMenu, el, openMenu, toast } from "/static/elements.js";
import { clock, day, face, gist, isMine, messageNode, senderKey, senderName } from "/static/message.js";
import { act, bot, chat, colour, fullName, initial, isAdmin, isPresent, memberOf, store, topicOf } from "/static/store.js";
import { t } from "/static/words.js";

export const draft = { replyTo: null, editing: null };
const waiting = new Map(); // query id -> button that was pressed
const early = new Set(); // answers that came before we knew the query's id
let typingTimer = 0;

export const attempt = (promise) => promise.catch((error) => toast(error.message));
const here = (extra) => ({ chat_id: store.chatId, user_id: store.me, ...extra });
const shown = (m) => !chat().is_forum || topicOf(m) === store.threadId;

const on = {
  react: (m, emoji) => attempt(act("react", here({ message_id: m.message_id, emoji }))),
  command: (text) => attempt(act("send", here({ text, thread_id: store.threadId }))),
  jump(id) {
    const node = $(`m${id}`);
    if (!node) return;
    node.scrollIntoView({ block: "center", behavior: "smooth" });
    node.classList.add("flash");
    setTimeout(() => node.classList.remove("flash"), 1500);
  },
  view(url, caption) {
    const picture = $("viewer").querySelector("img");
    picture.src = url;
    picture.alt = caption ?? t("photo");
    $("viewer").showModal();
  },
  async press(m, key, button) {
    if (!key.callback_data) { toast(t("no_app")); return; }
    button.classList.add("waiting");
    try {
      const { query_id: id } = await act("press", here({ message_id: m.message_id, data: key.callback_data }));
      waiting.set(id, button);
      if (early.delete(id)) answered(id);
      setTimeout(() => waiting.has(id) && answered(id), 15000);
    } catch (error) {
      button.classList.remove("waiting");
      toast(error.message);
    }
  },
  menu(m, anchor, at) {
    if (!isPresent(chat(), store.me)) return;
    const item = (key, run, className = "") => el("button", { type: "button", class: className, onclick: () => { closeMenu(); run(); } }, t(key));
    const chosen = m.reactions?.filter((r) => r.users.includes(store.me)).map((r) => r.type.emoji) ?? [];
    const emoji = el("div", { class: "emoji" }, ...store.reactions.map((e) =>
      el("button", { type: "button", role: "menuitemcheckbox", "aria-checked": String(chosen.includes(e)), "aria-label": e, onclick: () => { closeMenu(); on.react(m, e); } }, e)));
    const admin = chat().type === "private" || isAdmin(chat(), store.me);
    const items = [emoji, el("hr"), item("reply", () => startReply(m))];
    if (isMine(m)) items.push(item("edit", () => startEdit(m)));
    if (admin) items.push(item("pin", () => attempt(act("pin", here({ message_id: m.message_id })))));
    if (admin || isMine(m)) items.push(item("remove", () => attempt(act("delete", here({ message_id: m.message_id }))), "danger"));
    openMenu(anchor, items, at);
  },
};

export function answered(id) {
  if (!waiting.has(id)) early.add(id);
  waiting.get(id)?.classList.remove("waiting");
  waiting.delete(id);
}

function startReply(m) {
  Object.assign(draft, { replyTo: m.message_id, editing: null });
  showDraft(`${t("replying", { name: senderName(m) })} · ${gist(m)}`);
}

function startEdit(m) {
  Object.assign(draft, { replyTo: null, editing: m.message_id });
  $("text").value = m.text ?? m.caption ?? "";
  showDraft(`${t("editing")} · ${gist(m)}`);
}

function showDraft(label) {
  $("answering").hidden = false;
  $("answering").firstElementChild.textContent = label;
  $("text").focus();
}

export function clearDraft() {
  if (draft.editing) $("text").value = "";
  Object.assign(draft, { replyTo: null, editing: null });
  $("answering").hidden = true;
}

const atEnd = () => $("scroll").scrollHeight - $("scroll").scrollTop - $("scroll").clientHeight < 90;
export const toEnd = () => { $("scroll").scrollTop = $("scroll").scrollHeight; };

function group(node, m, before, after) {
  const together = (a, b) => a && b && !a.is_service && !b.is_service && senderKey(a) === senderKey(b) && Math.abs(b.date - a.date) < 600 && day(a.date) === day(b.date);
  node.classList.toggle("first", !together(before, m));
  node.classList.toggle("last", !together(m, after));
}

const separator = (m) => el("li", { class: "pill", "data-day": day(m.date) }, el("span", {}, day(m.date)));
const visible = () => [...chat().messages.values()].filter(shown);

export function renderLog() {
  const log = $("log");
  $("scroll").setAttribute("aria-live", "off"); // switching is not news
  log.className = chat().type === "private" ? "private" : "";
  const messages = visible();
  const nodes = [];
  messages.forEach((m, i) => {
    if (!i || day(messages[i - 1].date) !== day(m.date)) nodes.push(separator(m));
    const node = messageNode(m, on);
    group(node, m, messages[i - 1], messages[i + 1]);
    nodes.push(node);
  });
  if (!nodes.length) nodes.push(el("li", { class: "pill", "data-empty": "" }, el("span", {}, t("empty"))));
  log.replaceChildren(...nodes);
  toEnd();
  setTimeout(() => $("scroll").setAttribute("aria-live", "polite"), 200);
}

export function addMessage(m) {
  const before = visible().at(-2);
  const follow = atEnd() || isMine(m);
  $("log").querySelector("[data-empty]")?.remove();
  if (!before || day(before.date) !== day(m.date)) $("log").append(separator(m));
  const node = messageNode(m, on);
  group(node, m, before, null);
  if (before) {
    const previous = $(`m${before.message_id}`);
    if (previous && !before.is_service) group(previous, before, visible().at(-3), m);
  }
  $("log").append(node);
  if (m.from?.id === store.botId) setTyping(null);
  if (follow) toEnd();
  else $("down").hidden = false;
}

export function replaceMessage(m) {
  const old = $(`m${m.message_id}`);
  if (!old) return;
  const stay = atEnd();
  const node = messageNode(m, on);
  for (const name of ["first", "last"]) node.classList.toggle(name, old.classList.contains(name));
  const kept = old.querySelector(".media img")?.getAttribute("src");
  const fresh = node.querySelector(".media img");
  if (kept && fresh?.getAttribute("src") === kept) fresh.replaceWith(old.querySelector(".media img"));
  old.replaceWith(node);
  if (stay) toEnd();
}

export function removeMessage(id) {
  $(`m${id}`)?.remove();
}

export const isShown = (chatId, m) => chatId === store.chatId && shown(m);

export function renderHead() {
  const c = chat();
  const isPrivate = c.type === "private";
  const title = isPrivate ? fullName(bot()) : c.title;
  $("title").textContent = title;
  $("face").className = `face f${colour(isPrivate ? store.botId : c.id)}`;
  $("face").textContent = initial(title);
  const present = c.members.filter((m) => isPresent(c, m.user_id)).length;
  if (!$("subtitle").classList.contains("typing")) $("subtitle").textContent = `${isPrivate ? t("bot") : t("members", { n: present })} · ${t("sandbox")}`;
  renderTopics();
  renderPinned();
}

export function setTyping(action) {
  clearTimeout(typingTimer);
  $("subtitle").classList.toggle("typing", Boolean(action));
  if (action) {
    $("subtitle").textContent = t(action === "upload_photo" ? "sending" : "typing");
    typingTimer = setTimeout(() => setTyping(null), 5000);
  } else renderHead();
}

function renderTopics() {
  const c = chat();
  $("topics").hidden = !c.is_forum;
  if (!c.is_forum) return;
  const tabs = [{ id: null, name: t("general") }, ...c.topics];
  $("topics").replaceChildren(...tabs.map((topic) => el("button", {
    type: "button", role: "tab", "aria-selected": String(topic.id === store.threadId), "aria-controls": "scroll", tabindex: topic.id === store.threadId ? "0" : "-1",
    onclick: () => { store.threadId = topic.id; clearDraft(); renderRoom(); $("topics").querySelector("[aria-selected=true]").focus(); },
  }, topic.is_closed ? `🔒 ${topic.name}` : topic.name, store.unread.get(`${c.id}/${topic.id}`) ? el("i") : null)));
}

$("topics").addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const tabs = [...$("topics").children];
  if (step) tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length].click();
});

function renderPinned() {
  const m = [...chat().pinned].reverse().map((id) => chat().messages.get(id)).find((p) => p && shown(p));
  $("pinned").hidden = !m;
  if (!m) return;
  $("pinned").replaceChildren(el("b", {}, t("pinned")), el("span", {}, gist(m)));
  $("pinned").onclick = () => on.jump(m.message_id);
}

export function renderFoot() {
  const c = chat();
  const mine = memberOf(c, store.me);
  const topic = c.topics.find((x) => x.id === store.threadId);
  const user = store.users.get(store.me);
  let label = "";
  if (c.type === "private") label = memberOf(c, store.botId)?.status === "kicked" ? t("unblock") : c.messages.size || user.started ? "" : t("start");
  else if (!isPresent(c, store.me)) label = t("join");
  else if (topic?.is_closed && !isAdmin(c, store.me)) label = t("topic_closed_note");
  $("enter").textContent = label;
  $("enter").hidden = !label;
  $("enter").disabled = Boolean(topic?.is_closed && mine && !isAdmin(c, store.me));
  $("composer").hidden = Boolean(label);
  renderKeyboard();
}

function renderKeyboard() {
  const last = [...chat().messages.values()].reverse().find((m) => m.markup && !m.markup.inline_keyboard);
  const rows = chat().type === "private" ? last?.markup.keyboard : null;
  $("keyboard").hidden = !rows;
  if (rows) $("keyboard").replaceChildren(...rows.map((row) => el("div", {}, ...row.map((key) => {
    const text = key.text ?? key;
    return el("button", { type: "button", onclick: () => on.command(text) }, text);
  }))));
}

export function renderRoom() {
  store.unread.delete(`${store.chatId}/${store.threadId}`);
  $("down").hidden = true;
  renderHead();
  renderLog();
  renderFoot();
}

export { clock, face, gist, senderName };

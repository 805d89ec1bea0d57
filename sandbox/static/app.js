// Start, live events, the list of chats, who one is, and the composer.
import { $, alertBox, closeMenu, el, openMenu, toast } from "/static/elements.js";
import { addMessage, answered, attempt, clearDraft, clock, draft, face, gist, isShown, removeMessage, renderFoot, renderHead, renderRoom, replaceMessage, senderName, setTyping, toEnd } from "/static/room.js";
import { act, bot, chat, commands, fullName, isAdmin, isPresent, load, loadChat, me, memberOf, store, topicOf, upload } from "/static/store.js";
import { language, setLanguage, t, translatePage } from "/static/words.js";

const here = (extra) => ({ chat_id: store.chatId, user_id: store.me, ...extra });
const onPhone = () => matchMedia("(max-width: 819px)").matches;

function myChats() {
  return [...store.chats.values()].filter((c) => (c.type === "private" ? c.id === store.me : !c.migrated_to));
}

function renderChats() {
  $("chats").replaceChildren(...myChats().map((c) => {
    const name = c.type === "private" ? fullName(bot()) : c.title;
    const last = [...c.messages.values()].at(-1);
    const unread = [...store.unread].filter(([key]) => key.startsWith(`${c.id}/`)).reduce((sum, [, n]) => sum + n, 0);
    const line = last ? (c.type === "private" || last.is_service ? gist(last) : t("new_message", { name: senderName(last), what: gist(last) })) : t("empty");
    return el("li", {}, el("button", { type: "button", "aria-current": String(c.id === store.chatId), onclick: () => openChat(c.id) },
      face(c.type === "private" ? store.botId : c.id, name),
      el("span", { class: "text" }, el("b", {}, name), el("small", {}, line)),
      el("span", { class: "side" }, last ? clock(last.date) : "", unread ? el("span", { class: "count" }, String(unread)) : "")));
  }));
}

function roleOf(userId) {
  const status = memberOf(store.chats.get(store.groupId), userId)?.status;
  return { creator: t("creator"), administrator: t("administrator"), member: t("member") }[status] ?? t("outside");
}

function renderMe() {
  const name = fullName(me());
  $("who").replaceChildren(face(store.me, name), el("span", {}, el("b", {}, t("you", { name })), el("small", {}, roleOf(store.me))), el("em", {}, t("switch")));
  $("me").replaceChildren(face(store.me, name, "small"));
  $("me").setAttribute("aria-label", `${t("you", { name })}. ${t("switch")}`);
}

function renderPersons() {
  const wanted = $("find").value.trim().toLowerCase();
  const groupChat = store.chats.get(store.groupId);
  const sections = { staff: [], outside: [], member: [] };
  for (const user of store.users.values()) {
    if (user.is_bot || user.id === 777000 || !fullName(user).toLowerCase().includes(wanted)) continue;
    sections[isAdmin(groupChat, user.id) ? "staff" : isPresent(groupChat, user.id) ? "member" : "outside"].push(user);
  }
  sections.outside.sort((a, b) => b.id - a.id); // those who were never in it come first
  const tongue = (user) => (user.language_code?.startsWith("zh") ? "中文" : "English");
  $("persons").replaceChildren(...Object.entries(sections).filter(([, users]) => users.length).map(([key, users]) =>
    el("li", {}, el("h3", {}, t(key)), el("ul", {}, ...users.map((user) => el("li", {}, el("button", {
      type: "button", "aria-current": String(user.id === store.me), onclick: () => become(user.id),
    }, face(user.id, fullName(user), "small"), el("span", { class: "text" }, fullName(user)), el("small", {}, tongue(user)))))))));
}

async function become(userId) {
  const private_ = chat().type === "private";
  store.me = userId;
  localStorage.setItem("me", userId);
  $("people").close();
  if (!store.chats.has(userId)) await loadChat(userId);
  store.unread.clear();
  clearDraft();
  openChat(private_ ? userId : store.chatId, onPhone() && document.body.dataset.view === "list");
}

function openChat(id, stayInList = false) {
  if (id !== store.chatId) clearDraft();
  store.chatId = id;
  if (!chat().is_forum) store.threadId = null;
  if (!stayInList) document.body.dataset.view = "chat";
  renderAll();
  if (!stayInList && onPhone()) $("back").focus(); // what was focused is out of sight now
}

function renderAll() {
  translatePage();
  renderMe();
  renderRoom();
  renderChats();
}

async function submit(event) {
  event?.preventDefault();
  const text = $("text").value.trim();
  if (!text) return;
  const { replyTo, editing } = draft;
  $("text").value = "";
  clearDraft();
  try {
    if (editing) await act("edit", here({ message_id: editing, text }));
    else await act("send", here({ text, thread_id: store.threadId, reply_to: replyTo }));
  } catch (error) {
    $("text").value = text;
    toast(error.message);
  }
}

async function sendFile(file) {
  if (!file) return;
  if (file.size > 20e6) toast(t("too_big"));
  const params = here({ caption: $("text").value.trim() });
  if (store.threadId) params.thread_id = store.threadId;
  if (draft.replyTo) params.reply_to = draft.replyTo;
  $("text").value = "";
  clearDraft();
  await attempt(upload(file, params));
}

async function showCommands() {
  const found = await commands();
  if (!found.length) { toast(t("no_commands")); return; }
  openMenu($("slash"), found.map((c) => el("button", { type: "button", onclick: () => { closeMenu(); attempt(act("send", here({ text: `/${c.command}`, thread_id: store.threadId }))); } },
    el("b", {}, `/${c.command}`), el("small", {}, c.description))));
}

function showMore() {
  const c = chat();
  const item = (key, run, className = "") => el("button", { type: "button", class: className, onclick: () => { closeMenu(); attempt(run()); } }, t(key));
  const about = (action, extra) => () => act(action, here({ target_id: store.botId, ...extra }));
  const items = [];
  if (c.type === "private") items.push(item("block", () => act("block", { user_id: store.me }), "danger"));
  else {
    if (isAdmin(c, store.me)) {
      const there = isPresent(c, store.botId);
      if (there) items.push(isAdmin(c, store.botId) ? item("bot_member", about("demote")) : item("bot_admin", about("promote")), item("bot_remove", about("remove"), "danger"));
      else items.push(item("bot_add", () => act("join", { chat_id: c.id, user_id: store.botId, added_by: store.me })));
    }
    items.push(isPresent(c, store.me) ? item("leave", () => act("leave", here({})), "danger") : item("join", () => act("join", here({}))));
  }
  openMenu($("more"), items);
}

function enter() {
  const c = chat();
  if (c.type !== "private") attempt(act("join", here({})));
  else if (memberOf(c, store.botId)?.status === "kicked") attempt(act("block", { user_id: store.me, blocked: false }));
  else attempt(act("send", here({ text: "/start" })));
}

const handlers = {
  async message({ chat_id: id, message }) {
    if (!store.chats.has(id)) await loadChat(id);
    const c = store.chats.get(id);
    const known = c.messages.has(message.message_id);
    c.messages.set(message.message_id, message);
    if (c.messages.size > 600) c.messages.delete(c.messages.keys().next().value);
    if (isShown(id, message)) {
      if (known) replaceMessage(message); else addMessage(message);
      renderFoot();
    } else if (!known && (c.type !== "private" || id === store.me)) {
      const key = `${id}/${topicOf(message)}`;
      store.unread.set(key, (store.unread.get(key) ?? 0) + 1);
      renderHead();
    }
    renderChats();
  },
  edit({ chat_id: id, message }) {
    store.chats.get(id)?.messages.set(message.message_id, message);
    if (isShown(id, message)) replaceMessage(message);
  },
  reactions({ chat_id: id, message_id: messageId, reactions }) {
    const message = store.chats.get(id)?.messages.get(messageId);
    if (!message) return;
    message.reactions = reactions;
    if (isShown(id, message)) replaceMessage(message);
  },
  delete({ chat_id: id, message_id: messageId }) {
    store.chats.get(id)?.messages.delete(messageId);
    if (id === store.chatId) removeMessage(messageId);
    renderChats();
  },
  pinned({ chat_id: id, message_ids: ids }) {
    if (store.chats.has(id)) store.chats.get(id).pinned = ids;
    if (id === store.chatId) renderHead();
  },
  typing({ chat_id: id, thread_id: thread, action }) {
    if (id === store.chatId && (thread ?? null) === store.threadId) setTyping(action);
  },
  answer({ query_id: id, user_id: userId, text, show_alert: alert, url }) {
    answered(id);
    if (userId !== store.me) return;
    if (alert && text) alertBox(text);
    else if (text || url) toast(text, url);
  },
  async members({ chat_id: id }) {
    const state = await (await fetch("/sandbox/state")).json();
    store.users = new Map(state.users.map((u) => [u.id, u]));
    for (const raw of state.chats) {
      if (store.chats.has(raw.id)) Object.assign(store.chats.get(raw.id), { members: raw.members, topics: raw.topics });
    }
    renderMe();
    if (id === store.chatId) { renderHead(); renderFoot(); }
  },
  topics: (event) => handlers.members(event),
  async hello() {
    await load();
    if (!("ready" in document.body.dataset) && onPhone()) document.body.dataset.view = "chat";
    document.body.dataset.ready = "";
    renderAll();
  },
  reload: () => handlers.hello(),
};

// Events take their turn, so that none overtakes the loading of the state it belongs to.
function listen() {
  let turn = Promise.resolve();
  let lost = false;
  const source = new EventSource("/sandbox/events");
  source.onmessage = (event) => {
    const body = JSON.parse(event.data);
    turn = turn.then(() => handlers[body.type]?.(body)).catch((error) => console.error(error));
  };
  source.onerror = () => { if (!lost) toast(t("lost")); lost = true; };
  source.onopen = () => { lost = false; };
}

function wire() {
  $("composer").addEventListener("submit", submit);
  $("text").addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event); });
  $("attach").addEventListener("click", () => $("file").click());
  $("file").addEventListener("change", () => { sendFile($("file").files[0]); $("file").value = ""; });
  $("text").addEventListener("paste", (event) => { const file = event.clipboardData.files[0]; if (file) { event.preventDefault(); sendFile(file); } });
  $("slash").addEventListener("click", () => attempt(showCommands()));
  $("more").addEventListener("click", showMore);
  $("enter").addEventListener("click", enter);
  $("answering").lastElementChild.addEventListener("click", clearDraft);
  $("back").addEventListener("click", () => { document.body.dataset.view = "list"; renderChats(); $("chats").querySelector("button")?.focus(); });
  $("down").addEventListener("click", () => { toEnd(); $("down").hidden = true; });
  $("scroll").addEventListener("scroll", () => { const s = $("scroll"); if (s.scrollHeight - s.scrollTop - s.clientHeight < 90) $("down").hidden = true; }, { passive: true });
  for (const id of ["who", "me"]) $(id).addEventListener("click", () => { $("find").value = ""; renderPersons(); $("people").showModal(); });
  $("find").addEventListener("input", renderPersons);
  $("viewer").addEventListener("click", () => $("viewer").close());
  $("language").addEventListener("click", () => { setLanguage(language === "zh" ? "en" : "zh"); renderAll(); });
  new ResizeObserver(() => { if ($("down").hidden) toEnd(); }).observe($("scroll"));
}

translatePage();
wire();
listen();

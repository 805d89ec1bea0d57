// Start, and what happens when the sandbox tells of something.
import { $, attempt, icon, onceAFrame, startMenus, toast } from "./elements.js";
import { onPhone, renderChats, showList } from "./chats.js";
import { startComposer } from "./composer.js";
import { guideCame, renderGuide, startGuide } from "./guide.js";
import { isShown, tellLog, watchScroll } from "./log.js";
import { followLink } from "./late.js";
import { setTime } from "./moment.js";
import { renderMe, startPeople } from "./people.js";
import { renderFoot, renderHead, renderPinned, renderRoom, renderSubtitle, renderTopics, setTyping, startRoom } from "./room.js";
import { act, chat, eventCame, load, loadChat, loadPeople, post, store, topicOf } from "./store.js";
import { renderTime, startTime } from "./timing.js";
import { language, setLanguage, t, translatePage } from "./words.js";

const KEPT = 600; // messages of a chat
const isHere = (id, m) => id === store.chatId && isShown(m);

function renderAll() {
  translatePage();
  renderMe();
  renderTime();
  renderGuide();
  renderRoom();
  renderChats();
}

const footSoon = onceAFrame(() => chat() && renderFoot());
const topicsSoon = onceAFrame(() => chat() && renderTopics());
const fresh = { at: 0, timer: 0 };

// However often somebody comes or goes, people are asked for twice a second at most.
function peopleSoon() {
  if (fresh.timer) return;
  fresh.timer = setTimeout(async () => {
    fresh.at = performance.now();
    try { await loadPeople(); } catch { return; } finally { fresh.timer = 0; }
    renderMe();
    if (chat()) { renderHead(); renderFoot(); }
    renderChats();
    document.dispatchEvent(new Event("people")); // an open list of members draws itself anew
  }, Math.max(0, fresh.at + 500 - performance.now()));
}

const handlers = {
  async message({ chat_id: id, message }) {
    if (!store.chats.has(id)) await loadChat(id);
    const c = store.chats.get(id);
    if (!c) return;
    const known = c.messages.has(message.message_id);
    c.messages.set(message.message_id, message);
    if (c.messages.size > KEPT) c.messages.delete(c.messages.keys().next().value);
    if (isHere(id, message)) {
      tellLog(message.message_id, message);
      if (message.sender_id === store.botId) setTyping(null);
      footSoon();
    } else if (!known && (c.type !== "private" || id === store.me)) {
      const key = `${id}/${topicOf(message)}`;
      store.unread.set(key, (store.unread.get(key) ?? 0) + 1);
      if (id === store.chatId) topicsSoon();
    }
    renderChats();
  },
  edit({ chat_id: id, message }) {
    const c = store.chats.get(id);
    if (!c?.messages.has(message.message_id)) return;
    c.messages.set(message.message_id, message);
    if (isHere(id, message)) { tellLog(message.message_id, message); footSoon(); }
  },
  reactions({ chat_id: id, message_id: messageId, reactions }) {
    const message = store.chats.get(id)?.messages.get(messageId);
    if (!message) return;
    message.reactions = reactions;
    if (isHere(id, message)) tellLog(messageId, message);
  },
  delete({ chat_id: id, message_id: messageId }) {
    store.chats.get(id)?.messages.delete(messageId);
    if (id === store.chatId) { tellLog(messageId, null); renderPinned(); }
    renderChats();
  },
  pinned({ chat_id: id, message_ids: ids }) {
    if (store.chats.has(id)) store.chats.get(id).pinned = ids;
    if (id === store.chatId) renderPinned();
  },
  typing({ chat_id: id, thread_id: thread, action, user_id: userId }) {
    if (id === store.chatId && (thread ?? null) === store.threadId) setTyping(action, userId);
  },
  answer: eventCame,
  inline_results: eventCame,
  payment: eventCame,
  members: peopleSoon,
  topics: peopleSoon,
  joining: peopleSoon,
  stars({ user_id: id, stars: left }) {
    const user = store.users.get(id);
    if (user) user.stars = left;
  },
  guide: guideCame,
  time(event) {
    setTime(event);
    renderTime();
    renderSubtitle();
  },
  async hello() {
    await load();
    attempt(speak());
    if (!("ready" in document.body.dataset) && onPhone()) document.body.dataset.view = "chat";
    document.body.dataset.ready = "";
    renderAll();
  },
  reload: () => handlers.hello(),
};

// Events take their turn, so that none overtakes the loading of the state it belongs to.
function listen() {
  let turn = Promise.resolve();
  let busy = 0;
  const source = new EventSource("/sandbox/events");
  source.onmessage = (message) => {
    const event = JSON.parse(message.data);
    const run = () => handlers[event.type]?.(event);
    const failed = (error) => console.error(error);
    if (!busy) {
      try {
        const later = run();
        if (later) { busy += 1; turn = later.catch(failed).finally(() => { busy -= 1; }); }
      } catch (error) { failed(error); }
      return;
    }
    busy += 1;
    turn = turn.then(run).catch(failed).finally(() => { busy -= 1; });
  };
  const lose = (lost) => {
    if (lost && !store.lost) toast(t("lost"));
    store.lost = lost;
    renderSubtitle();
  };
  source.onerror = () => lose(true);
  source.onopen = () => lose(false);
}

async function turnLanguage() {
  await setLanguage(language === "zh" ? "en" : "zh");
  renderAll();
  attempt(speak());
  post("/sandbox/guide", { turned: true }).catch(() => {}); // a tick in a list is nothing to complain about
}

// Nothing leaves the sandbox: its links are followed here, all others as usual.
async function openLink(event) {
  const link = event.target.closest?.("a[href^='https://t.me/']");
  if (!link) return;
  event.preventDefault();
  if (!(await followLink(link.href))) open(link.href, "_blank", "noopener");
}

// The owner is whoever looks at the page: their app speaks its language, and the bot answers in that.
async function speak() {
  const code = language === "zh" ? "zh-hans" : "en";
  const owner = store.users.get(store.managerId);
  if (owner.language_code === code) return;
  owner.language_code = code;
  await act("speak", { user_id: owner.id, language_code: code });
}

function follow() {
  renderTime();
  renderSubtitle();
}

for (const place of document.querySelectorAll("[data-icon]")) place.replaceWith(icon(place.dataset.icon, place.dataset.icon === "send"));
translatePage();
for (const start of [startMenus, startComposer, startGuide, startPeople, startRoom, startTime, watchScroll]) start();
document.addEventListener("click", (event) => attempt(openLink(event)));
$("back").addEventListener("click", showList);
$("viewer").addEventListener("click", () => $("viewer").close());
$("language").addEventListener("click", turnLanguage);
setInterval(() => { if (chat() && !document.hidden) follow(); }, 1000);
listen();

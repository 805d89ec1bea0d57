// Around the log: head, topics, pinned message, typing, and what stands at the foot.
import { $, ask, attempt, el, icon, item, moveFocus, openMenu, openSheet, toast } from "./elements.js";
import { clearDraft } from "./composer.js";
import { openChat } from "./chats.js";
import { renderKeyboard } from "./keys.js";
import { joinSheet, openGroup } from "./late.js";
import { forgetChanges, isShown, jump, renderLog } from "./log.js";
import { clock, sandboxNow, time } from "./moment.js";
import { gist } from "./saying.js";
import { act, chat, chatName, colour, here, initial, isAdmin, isPresent, loadPeople, me, memberOf, nameOf, store } from "./store.js";
import { t } from "./words.js";

const typing = { timer: 0, line: "" };
let pinnedAt = 0;

function subtitle() {
  const c = chat();
  const present = c.members.filter((m) => isPresent(c, m.user_id)).length;
  const what = c.type === "private" ? t("bot") : c.type === "channel" ? t("subscribers", { n: present }) : t("members", { n: present });
  const speed = time.speed > 1 ? ` ×${time.speed}` : "";
  return `${t("sandbox")} ${clock(sandboxNow())}${speed} · ${what}`;
}

export function renderSubtitle() {
  if (!chat()) return;
  const line = store.lost ? t("waiting") : typing.line || subtitle();
  if ($("subtitle").textContent !== line) $("subtitle").textContent = line;
  $("subtitle").classList.toggle("typing", Boolean(typing.line || store.lost));
}

export function renderHead() {
  const c = chat();
  const title = chatName(c);
  $("title").textContent = title;
  $("face").className = `face f${colour(c.type === "private" ? store.botId : c.id)}`;
  $("face").textContent = initial(title);
  $("about").setAttribute("aria-label", t("about", { name: title }));
  renderSubtitle();
  renderTopics();
  renderPinned();
}

const DOINGS = { upload_photo: "sending_photo", upload_video: "sending_video", record_voice: "recording", upload_voice: "recording", upload_document: "sending_file", choose_sticker: "choosing" };

export function setTyping(action, userId) {
  clearTimeout(typing.timer);
  const what = action && t(DOINGS[action] ?? "typing");
  typing.line = !action ? "" : chat().type === "private" ? what : t("someone_types", { name: nameOf(userId ?? store.botId), what });
  if (action) typing.timer = setTimeout(() => setTyping(null), 5000);
  renderSubtitle();
}

function chooseTopic(id) {
  store.threadId = id;
  clearDraft();
  renderRoom();
  chosenTopic()?.focus();
}

const chosenTopic = () => $("topics").querySelector("[aria-selected=true]");

export function renderTopics() {
  const c = chat();
  const at = $("topics").scrollLeft;
  $("topics").hidden = !c.is_forum;
  if (!c.is_forum) return;
  const general = { ...c.general, id: null, name: c.general.name === "General" ? t("general") : c.general.name };
  const tabs = (general.is_hidden ? [] : [general]).concat(c.topics);
  const focused = $("topics").contains(document.activeElement);
  $("topics").replaceChildren(...tabs.map((topic) => {
    const unread = store.unread.get(`${c.id}/${topic.id}`);
    return el("button", {
      role: "tab", "aria-selected": String(topic.id === store.threadId), "aria-controls": "scroll", tabindex: topic.id === store.threadId ? "0" : "-1",
      onclick: () => chooseTopic(topic.id),
    }, topic.is_closed ? `🔒 ${topic.name}` : topic.name, unread ? el("span", { class: "count" }, unread > 99 ? "99+" : String(unread)) : null);
  }));
  $("topics").scrollLeft = at;
  if (focused) chosenTopic()?.focus();
}

export function renderPinned() {
  const c = chat();
  const pins = [...c.pinned].reverse().map((id) => c.messages.get(id)).filter((m) => m && isShown(m));
  const m = pins[pinnedAt % Math.max(1, pins.length)];
  $("pinned").hidden = !m;
  if (!m) return;
  const open = el("button", { onclick: () => { jump(m.message_id); pinnedAt += 1; renderPinned(); } },
    el("b", {}, pins.length > 1 ? t("pinned_n", { n: pins.length - (pinnedAt % pins.length) }) : t("pinned")), el("span", {}, gist(m)));
  const off = c.type === "private" || isAdmin(c, store.me)
    ? el("button", { class: "icon", "aria-label": t("unpin"), onclick: () => attempt(act("unpin", here({ message_id: m.message_id }))) }, icon("close")) : null;
  $("pinned").replaceChildren(open, ...(off ? [off] : []));
}

// What stands in place of the composer, and whether it can be pressed.
function instead() {
  const c = chat();
  const mine = memberOf(c, store.me);
  const topic = store.threadId ? c.topics.find((x) => x.id === store.threadId) : c.general;
  if (c.type === "private") {
    if (memberOf(c, store.botId)?.status === "kicked") return ["unblock", true];
    return c.messages.size || me().started ? null : ["start", true];
  }
  if (mine?.status === "kicked") return ["you_removed", false];
  if (!isPresent(c, store.me)) return c.join_requests?.some((r) => r.user_id === store.me) ? ["requested", false] : ["join", true];
  if (c.type === "channel" && !isAdmin(c, store.me)) return ["channel_note", false];
  if (mine.status === "restricted" && !mine.rights.includes("can_send_messages")) return ["restricted_note", false];
  return topic?.is_closed && !isAdmin(c, store.me) ? ["topic_closed_note", false] : null;
}

export function renderFoot() {
  const found = instead();
  $("enter").hidden = !found;
  $("composer").hidden = Boolean(found);
  if (found) { $("enter").textContent = t(found[0]); $("enter").disabled = !found[1]; }
  const menu = chat().menu_button;
  $("slash").firstElementChild.textContent = menu?.type === "web_app" ? menu.text : "/";
  $("slash").classList.toggle("worded", menu?.type === "web_app");
  renderKeyboard();
}

function enter() {
  const c = chat();
  if (c.type !== "private") attempt(joinSheet(c));
  else if (memberOf(c, store.botId)?.status === "kicked") attempt(act("block", { user_id: store.me, blocked: false }));
  else attempt(act("send", here({ text: "/start" })));
}

function showMore() {
  const c = chat();
  const admin = isAdmin(c, store.me);
  const topic = c.topics.find((x) => x.id === store.threadId);
  const leave = () => ask(t("leave_this"), t("leave"), () => attempt(act("leave", here({}))), true);
  const say = (label, run, className) => item(t(label), run, className);
  openMenu($("more"), c.type === "private" ? [
    say("about_bot", openGroup), say("block", () => ask(t("block_this", { name: chatName(c) }), t("block"), () => attempt(act("block", { user_id: store.me })), true), "danger"),
  ] : [
    say("group_info", openGroup),
    admin && c.is_forum && say("new_topic", newTopic),
    admin && topic && say(topic.is_closed ? "reopen_topic" : "close_topic", () => attempt(act("close_topic", here({ thread_id: topic.id, closed: !topic.is_closed })))),
    isPresent(c, store.me) ? say("leave", leave, "danger") : null,
  ]);
}

function newTopic() {
  const name = el("input", { type: "text", maxlength: "128", required: true, "aria-label": t("topic_name"), placeholder: t("topic_name") });
  const form = el("form", { class: "form", method: "dialog" }, name, el("p", { class: "row end" }, el("button", { type: "submit", class: "primary" }, t("create"))));
  const sheet = openSheet(t("new_topic"), form, { className: "short" });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try { const { thread_id: id } = await act("open_topic", here({ name: name.value.trim() })); await loadPeople(); sheet.close(); openChat(store.chatId, { threadId: id }); } catch (error) { toast(error.message); }
  });
  name.focus();
}

export function renderRoom() {
  store.unread.delete(`${store.chatId}/${store.threadId}`);
  pinnedAt = 0;
  typing.line = "";
  forgetChanges();
  $("down").hidden = true;
  renderHead();
  chosenTopic()?.scrollIntoView({ block: "nearest", inline: "nearest" });
  renderLog();
  renderFoot();
}

export function startRoom() {
  $("topics").addEventListener("keydown", (event) => {
    const before = document.activeElement;
    moveFocus(event, [...$("topics").children]);
    if (document.activeElement !== before) document.activeElement.click();
  });
  $("more").addEventListener("click", showMore);
  $("enter").addEventListener("click", enter);
  $("about").addEventListener("click", () => openGroup());
}

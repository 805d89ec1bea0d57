// Who one is: four people at hand, everybody else a search away.
import { $, el } from "./elements.js";
import { clearDraft, closeList } from "./composer.js";
import { onPhone, openChat } from "./chats.js";
import { face } from "./message.js";
import { chat, fullName, isAdmin, isPresent, loadChat, me, memberOf, nameOf, store } from "./store.js";
import { t } from "./words.js";

const MOST_SHOWN = 200;
const group = () => store.chats.get(store.groupId);
const isPerson = (user) => !user.is_bot && user.id !== 777000;

function roleOf(userId) {
  const status = memberOf(group(), userId)?.status;
  return { creator: t("creator"), administrator: t("administrator"), member: t("member"), restricted: t("restricted"), kicked: t("banned") }[status] ?? t("outside");
}

// The owner, a plain member and a newcomer; whoever one was lately comes first of their kind.
export function personOf(kind) {
  if (kind === "manager") return store.managerId;
  const recent = JSON.parse(localStorage.getItem("recent") ?? "[]");
  const fits = (id) => store.users.has(id) && isPerson(store.users.get(id)) && (kind === "member" ? memberOf(group(), id)?.status === "member" : !memberOf(group(), id));
  return recent.find(fits) ?? [...store.users.keys()].find(fits) ?? store.managerId;
}

function quick() {
  return [...new Set([store.me, store.managerId, personOf("member"), personOf("newcomer")])].slice(0, 4);
}

function strip() {
  return quick().filter((id) => id !== store.me).map((id) => el("button", { class: "pick", title: `${nameOf(id)}: ${roleOf(id)}`, "aria-label": t("become", { name: `${nameOf(id)} (${roleOf(id)})` }), onclick: () => become(id) },
    face(id, nameOf(id), "small")));
}

export function renderMe() {
  const name = fullName(me());
  $("who").replaceChildren(
    el("button", { class: "current", "aria-haspopup": "dialog", onclick: showPeople }, face(store.me, name), el("span", {}, el("b", {}, t("you", { name })), el("small", {}, `${roleOf(store.me)} · ${t("switch")}`))),
    ...strip());
  $("me").replaceChildren(face(store.me, name, "small"));
  $("me").setAttribute("aria-label", `${t("you", { name })}. ${t("switch")}`);
}

function renderPersons() {
  const wanted = $("find").value.trim().toLowerCase();
  const sections = { staff: [], outside: [], everyone: [] };
  for (const user of store.users.values()) {
    if (!isPerson(user) || !`${fullName(user)} ${user.username ?? ""}`.toLowerCase().includes(wanted)) continue;
    sections[isAdmin(group(), user.id) ? "staff" : isPresent(group(), user.id) ? "everyone" : "outside"].push(user);
  }
  sections.outside.sort((a, b) => Boolean(memberOf(group(), a.id)) - Boolean(memberOf(group(), b.id)));
  const tongue = (user) => (user.language_code?.startsWith("zh") ? "中文" : "English");
  $("persons").replaceChildren(...Object.entries(sections).filter(([, users]) => users.length).map(([key, users]) =>
    el("li", {}, el("h3", {}, t(key)), el("ul", {}, users.slice(0, key === "outside" && !wanted ? 12 : MOST_SHOWN).map((user) => el("li", {}, el("button", {
      "aria-current": String(user.id === store.me), onclick: () => become(user.id),
    }, face(user.id, fullName(user), "small"), el("span", { class: "text" }, fullName(user)), el("small", {}, tongue(user)))))))));
}

function showPeople() {
  $("find").value = "";
  renderPersons();
  $("people").showModal();
}

export async function become(userId, { chatId } = {}) {
  const wasPrivate = chat().type === "private";
  store.me = userId;
  localStorage.setItem("me", userId);
  const recent = JSON.parse(localStorage.getItem("recent") ?? "[]");
  localStorage.setItem("recent", JSON.stringify([userId, ...recent.filter((id) => id !== userId)].slice(0, 12)));
  if ($("people").open) $("people").close();
  if (!store.chats.has(userId)) await loadChat(userId);
  store.unread.clear();
  clearDraft();
  closeList();
  renderMe();
  openChat(chatId ?? (wasPrivate ? userId : store.chatId), { stayInList: !chatId && onPhone() && document.body.dataset.view === "list" });
}

export function startPeople() {
  $("me").addEventListener("click", showPeople);
  $("find").addEventListener("input", renderPersons);
  $("people").addEventListener("click", (event) => { if (event.target === $("people")) $("people").close(); });
}

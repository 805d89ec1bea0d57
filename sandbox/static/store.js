// What the page knows, and how it talks to the sandbox.
import { setTime } from "./moment.js";
import { t } from "./words.js";

export const store = {
  users: new Map(), chats: new Map(), me: 0, botId: 0, groupId: 0, managerId: 0, reactions: [],
  chatId: 0, threadId: null, unread: new Map(), lost: false, guide: [], guideHidden: false,
};

export const fullName = (user) => (user ? [user.first_name, user.last_name].filter(Boolean).join(" ") : "?");
export const nameOf = (id) => fullName(store.users.get(id));
export const me = () => store.users.get(store.me);
export const bot = () => store.users.get(store.botId);
export const chat = () => store.chats.get(store.chatId);
export const chatName = (c) => (c.type === "private" ? fullName(bot()) : c.title);
export const memberOf = (c, userId) => c?.people.get(userId);
export const isPresent = (c, userId) => ["creator", "administrator", "member", "restricted"].includes(memberOf(c, userId)?.status);
export const isAdmin = (c, userId) => ["creator", "administrator"].includes(memberOf(c, userId)?.status);
export const topicOf = (m) => (m.is_topic_message ? m.message_thread_id : null);
export const colour = (id) => Math.abs(id) % 7;
export const here = (extra) => ({ chat_id: store.chatId, user_id: store.me, ...extra });

const segmenter = new Intl.Segmenter();
export const letters = (text) => [...segmenter.segment(text)].map((s) => s.segment);

export function initial(name) {
  const found = letters(name);
  return (found.find((s) => /[\p{L}\p{N}]/u.test(s)) ?? found[0] ?? "?").toUpperCase();
}

const withPeople = (raw) => ({ ...raw, people: new Map(raw.members.map((m) => [m.user_id, m])) });

function takeChat(raw) {
  store.chats.set(raw.id, { ...withPeople(raw), messages: new Map(raw.messages.map((m) => [m.message_id, m])) });
}

const get = async (path) => (await fetch(path)).json();

export async function load() {
  const state = await get("/sandbox/state");
  store.users = new Map(state.users.map((u) => [u.id, u]));
  store.chats.clear();
  state.chats.forEach(takeChat);
  setTime(state.time);
  Object.assign(store, {
    botId: state.bot_id, groupId: state.group_id, managerId: state.manager_id, reactions: state.reactions,
    guide: state.guide, guideHidden: state.guide_hidden,
  });
  const saved = Number(localStorage.getItem("me"));
  if (!store.users.has(store.me)) store.me = store.users.has(saved) ? saved : store.managerId;
  if (!store.chats.has(store.chatId)) store.chatId = store.groupId;
  if (!store.chats.has(store.me)) await loadChat(store.me);
}

export async function loadChat(id) {
  const response = await fetch(`/sandbox/chats/${id}`);
  if (response.ok) takeChat(await response.json());
}

// What was written before a message, in the topic one reads; how many messages that are.
export async function loadOlder(before) {
  const { chatId, threadId } = store;
  const { messages } = await get(`/sandbox/chats/${chatId}?before=${before}&thread_id=${threadId ?? 0}`);
  const c = store.chats.get(chatId);
  c.messages = new Map([...c.messages, ...messages.map((m) => [m.message_id, m])].sort(([a], [b]) => a - b));
  return messages.length;
}

// Who there is and how they stand; a new chat brings its messages along.
export async function loadPeople() {
  const state = await get("/sandbox/people");
  store.users = new Map(state.users.map((u) => [u.id, u]));
  for (const raw of state.chats) {
    if (store.chats.has(raw.id)) Object.assign(store.chats.get(raw.id), withPeople(raw));
    else await loadChat(raw.id);
  }
}

async function result(request) {
  const response = await request.catch(() => { throw new Error(t("lost")); });
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body.result ?? body;
}

export async function post(path, given) {
  return result(fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(given) }));
}

export const act = (action, params) => post("/sandbox/act", { action, ...params });

export async function upload(file, params) {
  const query = new URLSearchParams({ name: file.name, mime_type: file.type, ...params });
  return result(fetch(`/sandbox/upload?${query}`, { method: "POST", headers: { "content-type": "application/octet-stream" }, body: file }));
}

export async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}

export async function commands() {
  const query = new URLSearchParams({ chat_id: store.chatId, user_id: store.me });
  return (await get(`/sandbox/commands?${query}`)).commands ?? [];
}

export const fileUrl = (media) => `/sandbox/files/${media.file_unique_id}`;

// Answers to what the bot was asked come as events, now and then before the request itself returns.
const awaited = new Map();
const early = new Map();

export function awaitEvent(id, seconds = 15) {
  if (early.has(id)) { const event = early.get(id); early.delete(id); return Promise.resolve(event); }
  return new Promise((resolve) => {
    awaited.set(id, resolve);
    setTimeout(() => { awaited.delete(id); resolve(null); }, seconds * 1000);
  });
}

export function eventCame(event) {
  const resolve = awaited.get(event.query_id);
  awaited.delete(event.query_id);
  if (resolve) resolve(event);
  else { early.set(event.query_id, event); if (early.size > 100) early.delete(early.keys().next().value); }
}

// What the page knows, and how it talks to the sandbox.
export const store = {
  users: new Map(), chats: new Map(), me: 0, botId: 0, groupId: 0, managerId: 0, reactions: [],
  chatId: 0, threadId: null, unread: new Map(),
};

export const fullName = (user) => (user ? [user.first_name, user.last_name].filter(Boolean).join(" ") : "?");
export const me = () => store.users.get(store.me);
export const bot = () => store.users.get(store.botId);
export const chat = () => store.chats.get(store.chatId);
export const memberOf = (c, userId) => c?.members.find((m) => m.user_id === userId);
export const isPresent = (c, userId) => ["creator", "administrator", "member", "restricted"].includes(memberOf(c, userId)?.status);
export const isAdmin = (c, userId) => ["creator", "administrator"].includes(memberOf(c, userId)?.status);
export const topicOf = (m) => (m.is_topic_message ? m.message_thread_id : null);
export const colour = (id) => Math.abs(id) % 7;

export function initial(name) {
  const letters = [...new Intl.Segmenter().segment(name)].map((s) => s.segment);
  return (letters.find((s) => /[\p{L}\p{N}]/u.test(s)) ?? letters[0] ?? "?").toUpperCase();
}

function takeChat(raw) {
  store.chats.set(raw.id, { ...raw, messages: new Map(raw.messages.map((m) => [m.message_id, m])) });
}

export async function load() {
  const state = await (await fetch("/sandbox/state")).json();
  store.users = new Map(state.users.map((u) => [u.id, u]));
  store.chats.clear();
  state.chats.forEach(takeChat);
  Object.assign(store, { botId: state.bot_id, groupId: state.group_id, managerId: state.manager_id, reactions: state.reactions });
  const saved = Number(localStorage.getItem("me"));
  if (!store.users.has(store.me)) store.me = store.users.has(saved) ? saved : store.managerId;
  if (!store.chats.has(store.chatId)) store.chatId = store.groupId;
  if (!store.chats.has(store.me)) await loadChat(store.me);
}

export async function loadChat(id) {
  const response = await fetch(`/sandbox/chats/${id}`);
  if (response.ok) takeChat(await response.json());
}

export class Refused extends Error {}

async function result(response) {
  const body = await response.json();
  if (!response.ok) throw new Refused(body.error);
  return body.result;
}

export async function act(action, params) {
  const body = JSON.stringify({ action, ...params });
  return result(await fetch("/sandbox/act", { method: "POST", headers: { "content-type": "application/json" }, body }));
}

export async function upload(file, params) {
  const query = new URLSearchParams({ name: file.name, mime_type: file.type, ...params });
  return result(await fetch(`/sandbox/upload?${query}`, { method: "POST", headers: { "content-type": "application/octet-stream" }, body: file }));
}

export async function commands() {
  const query = new URLSearchParams({ chat_id: store.chatId, user_id: store.me });
  return (await (await fetch(`/sandbox/commands?${query}`)).json()).commands ?? [];
}

export const fileUrl = (media) => `/sandbox/files/${media.file_unique_id}`;

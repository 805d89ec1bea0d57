// t.me links lead into this sandbox, as the app takes them: to a message, to the bot, to the bot in a group.
import { chooseChat, myChats, openChat } from "./chats.js";
import { toast } from "./elements.js";
import { jump } from "./log.js";
import { act, bot, here, isAdmin, isPresent, loadPeople, store, topicOf } from "./store.js";
import { t } from "./words.js";

export const leadsHere = (url) => url.hostname === "t.me" && Boolean(inside(url));

function inside(url) {
  const [first, ...rest] = url.pathname.split("/").filter(Boolean);
  if (!first) return null;
  if (first.toLowerCase() === bot().username.toLowerCase()) return () => toBot(url.searchParams);
  const found = myChats().find((c) => (first === "c" ? String(c.id) === `-100${rest[0]}` : c.username?.toLowerCase() === first.toLowerCase()));
  return found ? () => toMessage(found, Number(rest.at(-1))) : null;
}

function toMessage(c, id) {
  const message = c.messages.get(id);
  openChat(c.id, { threadId: message ? topicOf(message) : undefined });
  if (message) setTimeout(() => jump(id), 60);
  else toast(t("too_old"));
}

async function toBot(query) {
  if (query.has("startgroup")) { chooseChat(t("bot_add"), addBot); return; }
  openChat(store.me);
  if (query.has("start")) await act("send", here({ text: `/start ${query.get("start")}`.trim() }));
}

async function addBot(c) {
  const about = { chat_id: c.id, user_id: store.me, target_id: store.botId };
  if (c.type === "private" || !isAdmin(c, store.me)) throw new Error(t("only_admins"));
  if (!isPresent(c, store.botId)) await act("join", { chat_id: c.id, user_id: store.botId, added_by: store.me });
  await act("promote", about);
  await loadPeople();
}

export const follow = (url) => inside(url)();

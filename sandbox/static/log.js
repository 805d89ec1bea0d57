// The log of the open chat: rows of messages, kept up to date once a frame, however many come.
import { $, attempt, el, onceAFrame } from "./elements.js";
import { messageNode } from "./message.js";
import { day, sameDay } from "./moment.js";
import { gist, isMine, senderKey, senderName } from "./saying.js";
import { chat, loadOlder, store, topicOf } from "./store.js";
import { t } from "./words.js";

const MOST_ROWS = 300;
const MOST_AT_ONCE = 120; // more changes than these in a frame: draw anew
let rows = []; // {messages, node, separator}
let rowOf = new Map(); // message id -> row
const changed = new Map(); // message id -> the message, or null where it is gone
let most = MOST_ROWS; // grows as one reads further back
let asked = ""; // the chat and topic whose older messages are being asked for, or have an end
let missed = 0; // messages that came while one read further up

export const isShown = (m) => !chat().is_forum || topicOf(m) === store.threadId;
const atEnd = () => $("scroll").scrollHeight - $("scroll").scrollTop - $("scroll").clientHeight < 90;
const together = (a, b) => a && b && !a.is_service && !b.is_service && senderKey(a) === senderKey(b) && Math.abs(b.date - a.date) < 600 && sameDay(a.date, b.date);

export function toEnd() {
  $("scroll").scrollTop = $("scroll").scrollHeight;
  reachedEnd();
}

function reachedEnd() {
  missed = 0;
  $("down").hidden = true;
}

// A pinned message may stand far above the others: the gap below it is filled too.
async function showOlder() {
  const place = `${store.chatId}/${store.threadId}`;
  const first = rows.find(({ messages: [m] }) => !chat().pinned.includes(m.message_id));
  if (!first || asked === place) return;
  asked = place;
  const more = await loadOlder(first.messages[0].message_id);
  if (!more || asked !== place) return;
  asked = "";
  most += more;
  const below = $("scroll").scrollHeight - $("scroll").scrollTop;
  renderLog({ keep: true });
  $("scroll").scrollTop = $("scroll").scrollHeight - below;
}

export function watchScroll() {
  $("scroll").addEventListener("scroll", () => {
    if (atEnd()) reachedEnd();
    else if ($("scroll").scrollTop < 300) attempt(showOlder());
  }, { passive: true });
  $("down").addEventListener("click", toEnd);
  new ResizeObserver(() => { if ($("down").hidden) toEnd(); }).observe($("scroll"));
}

function draw(row) {
  const fresh = messageNode(row.messages);
  if (row.node) keepPlaying(row.node, fresh);
  row.node?.replaceWith(fresh);
  row.node = fresh;
}

// A picture that stands, or a film that plays, is not begun anew because a reaction came.
function keepPlaying(old, fresh) {
  const [before, after] = [old, fresh].map((node) => node.querySelector("[data-source]"));
  if (before?.dataset.source && before.dataset.source === after?.dataset.source) after.replaceWith(before);
}

function settle(index) {
  const row = rows[index];
  if (!row) return;
  const [before, m, after] = [rows[index - 1]?.messages.at(-1), row.messages[0], rows[index + 1]?.messages[0]];
  row.node.classList.toggle("first", !together(before, m));
  row.node.classList.toggle("last", !together(m, after));
  const needed = !before || !sameDay(before.date, m.date);
  if (!needed) { row.separator?.remove(); row.separator = null; }
  else if (!row.separator) row.separator = el("li", { class: "pill", "data-day": "" }, el("span", {}, day(m.date)));
  if (row.separator && row.separator.nextSibling !== row.node) row.node.before(row.separator);
}

function append(m) {
  const last = rows.at(-1);
  if (m.media_group_id && last?.messages[0].media_group_id === m.media_group_id) {
    last.messages.push(m);
    rowOf.set(m.message_id, last);
    draw(last);
    return;
  }
  const row = { messages: [m], node: null, separator: null };
  rows.push(row);
  rowOf.set(m.message_id, row);
  draw(row);
  $("log").append(row.node);
}

function drop(id) {
  const row = rowOf.get(id);
  if (!row) return;
  rowOf.delete(id);
  row.messages = row.messages.filter((m) => m.message_id !== id);
  const index = rows.indexOf(row);
  if (row.messages.length) draw(row);
  else {
    row.node.remove();
    row.separator?.remove();
    rows.splice(index, 1);
  }
  settle(index - 1);
  settle(index);
}

function trim() {
  while (rows.length > most) {
    const row = rows.shift();
    for (const m of row.messages) rowOf.delete(m.message_id);
    row.node.remove();
    row.separator?.remove();
  }
}

export function renderLog({ keep = false } = {}) {
  const scroll = $("scroll");
  const top = scroll.scrollTop;
  changed.clear();
  const kind = chat().type;
  $("log").className = kind === "private" ? "private" : kind;
  rows = [];
  rowOf = new Map();
  $("log").replaceChildren();
  for (const m of [...chat().messages.values()].filter(isShown).slice(-most)) append(m);
  rows.forEach((_, i) => settle(i));
  emptiness();
  if (keep) scroll.scrollTop = top; else toEnd();
}

function emptiness() {
  $("log").querySelector("[data-empty]")?.remove();
  if (!rows.length) $("log").append(el("li", { class: "pill", "data-empty": "" }, el("span", {}, t("empty"))));
}

function apply() {
  if (!changed.size || !chat()) return;
  const stay = $("down").hidden && atEnd();
  const fresh = [...changed.values()].filter((m) => m && !rowOf.has(m.message_id));
  if (changed.size > MOST_AT_ONCE) renderLog({ keep: !stay });
  else {
    let newest = rows.at(-1)?.messages.at(-1).message_id ?? 0;
    let disordered = false;
    const start = rows.length;
    for (const [id, m] of changed) {
      if (!m) drop(id);
      else if (rowOf.has(id)) {
        const row = rowOf.get(id);
        row.messages = row.messages.map((old) => (old.message_id === id ? m : old));
        draw(row);
        settle(rows.indexOf(row));
      } else if (id > newest) { append(m); newest = id; } else disordered = true;
    }
    if (disordered) renderLog({ keep: !stay });
    for (let i = Math.max(0, Math.min(start, rows.length) - 1); i < rows.length; i += 1) settle(i);
    trim();
    settle(0);
    emptiness();
  }
  changed.clear();
  tell(fresh);
  if (stay || fresh.some(isMine)) toEnd();
  else if (fresh.length) {
    missed += fresh.length;
    $("down").hidden = false;
    $("missed").textContent = missed > 99 ? "99+" : String(missed);
  }
}

// A screen reader hears each new message once: not again when it changes, and not all that stands there.
function tell(fresh) {
  const lines = fresh.filter((m) => !isMine(m)).slice(-5).map((m) => (m.is_service ? gist(m) : t("new_message", { name: senderName(m), what: gist(m) })));
  if (lines.length) $("heard").replaceChildren(...lines.map((line) => el("p", {}, line)));
}

const soon = onceAFrame(apply);

// Tell the log of a new or changed message, or with null that it is gone.
export function tellLog(id, m) {
  changed.delete(id);
  changed.set(id, m);
  soon();
}

export function forgetChanges() {
  changed.clear();
  most = MOST_ROWS;
  asked = "";
}

export function jump(id) {
  const node = $(`part${id}`) ?? rowOf.get(id)?.node ?? null;
  if (!node) return false;
  node.scrollIntoView({ block: "center", behavior: "smooth" });
  const row = node.closest("#log > li");
  row.classList.remove("flash");
  requestAnimationFrame(() => row.classList.add("flash"));
  setTimeout(() => row.classList.remove("flash"), 1600);
  return true;
}

export const latestRows = () => rows.map((row) => row.messages[0]);
export const nodeOf = (id) => rowOf.get(id)?.node;

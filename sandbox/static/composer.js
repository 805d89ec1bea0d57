// The composer: writing, replying, editing, the lists of commands and inline results, what one attaches.
import { $, attempt, el, item, openMenu, toast } from "./elements.js";
import { offerFiles, openApp } from "./late.js";
import { makePoll } from "./poll.js";
import { gist, senderName } from "./saying.js";
import { act, awaitEvent, bot, chat, commands, fileUrl, here, store } from "./store.js";
import { t } from "./words.js";

export const draft = { replyTo: null, editing: null };
let known = { key: "", at: 0, list: [] }; // the commands a person has in a chat
let asked = 0; // the latest inline query; older answers are late

export function startReply(m) {
  if (draft.editing) clearDraft();
  Object.assign(draft, { replyTo: m.message_id, editing: null });
  showDraft(t("replying", { name: senderName(m) }), gist(m));
}

export function startEdit(m) {
  Object.assign(draft, { replyTo: null, editing: m.message_id });
  $("text").value = m.text ?? m.caption ?? "";
  showDraft(t("editing"), gist(m));
}

function showDraft(title, line) {
  $("answering").hidden = false;
  $("answering").firstElementChild.replaceChildren(el("b", {}, title), el("small", {}, line));
  $("text").focus();
}

export function clearDraft() {
  if (draft.editing) $("text").value = "";
  Object.assign(draft, { replyTo: null, editing: null });
  $("answering").hidden = true;
}

export function fill(text) {
  $("text").value = text;
  $("text").focus();
  suggest();
}

// The words written so far and what they answer, handed over to a file that goes with them.
export function takeDraft() {
  const given = { caption: $("text").value.trim(), reply_to: draft.replyTo, thread_id: store.threadId };
  $("text").value = "";
  clearDraft();
  closeList();
  return given;
}

async function submit(event) {
  event?.preventDefault();
  const text = $("text").value.trim();
  if (!text) return;
  const { replyTo, editing } = draft;
  $("text").value = "";
  clearDraft();
  closeList();
  try {
    if (editing) await act("edit", here({ message_id: editing, text }));
    else await act("send", here({ text, thread_id: store.threadId, reply_to: replyTo }));
  } catch (error) {
    $("text").value = text;
    toast(error.message);
  }
}

// A list above the composer: arrows choose, Enter takes, Escape closes.
function showList(options, className = "") {
  const list = $("offers");
  list.className = className;
  list.hidden = !options.length;
  list.replaceChildren(...options.map((option, i) => {
    const node = el("li", { role: "option", id: `offer${i}`, "aria-selected": String(i === 0), onclick: option.take }, option.content);
    node.addEventListener("mousedown", (event) => event.preventDefault()); // the composer keeps the focus
    return node;
  }));
  $("text").setAttribute("aria-expanded", String(!list.hidden));
  mark(options.length ? 0 : -1);
}

function mark(index) {
  const nodes = [...$("offers").children];
  nodes.forEach((node, i) => node.setAttribute("aria-selected", String(i === index)));
  if (nodes[index]) { nodes[index].scrollIntoView({ block: "nearest" }); $("text").setAttribute("aria-activedescendant", nodes[index].id); }
  else $("text").removeAttribute("aria-activedescendant");
}

export function closeList() {
  asked += 1;
  if (!$("offers").hidden) showList([]);
}

async function commandList() {
  const key = `${store.chatId}/${store.me}`;
  if (known.key !== key || performance.now() - known.at > 5000) known = { key, at: performance.now(), list: await commands() };
  return known.list;
}

function sendCommand(command) {
  $("text").value = "";
  closeList();
  const { replyTo } = draft;
  clearDraft();
  attempt(act("send", here({ text: `/${command}`, thread_id: store.threadId, reply_to: replyTo })));
}

async function suggest() {
  const text = $("text").value;
  const query = (asked += 1);
  if (/^\/\w*$/.test(text) && !draft.editing) {
    const found = (await commandList()).filter((c) => `/${c.command}`.startsWith(text.toLowerCase()));
    if (query !== asked) return;
    showList(found.map((c) => ({ take: () => sendCommand(c.command), content: [el("b", {}, `/${c.command}`), el("span", {}, c.description)] })));
    return;
  }
  const inline = text.match(/^@(\w+)\s([\s\S]*)$/);
  if (inline?.[1].toLowerCase() !== bot().username?.toLowerCase()) { if (!$("offers").hidden) showList([]); return; }
  await new Promise((done) => setTimeout(done, 300));
  if (query === asked) await suggestInline(inline[2], query);
}

async function suggestInline(text, query) {
  let event = null;
  try {
    const { query_id: id } = await act("query_inline", { user_id: store.me, chat_id: store.chatId, query: text });
    event = await awaitEvent(id, 20);
  } catch (error) { toast(error.message); }
  if (query !== asked || !event) return;
  const options = event.results.map((r) => ({ take: () => choose(event.query_id, r.id), content: offer(r) }));
  if (event.button) options.unshift({ take: () => inlineButton(event.button), content: [el("b", {}, event.button.text)] });
  showList(options.length ? options : [{ take: closeList, content: [el("span", {}, t("no_results"))] }], event.results.every((r) => picture(r) && !r.title) && event.results.length ? "grid" : "");
}

const picture = (r) => (r.thumbnail_file_unique_id ?? r.photo?.at?.(-1)?.file_unique_id) || r.file_unique_id;

function offer(r) {
  const image = picture(r);
  return [image ? el("img", { src: fileUrl({ file_unique_id: image }), alt: "" }) : el("i", { "aria-hidden": "true" }, (r.title ?? r.type ?? "?")[0]),
    el("span", {}, el("b", {}, r.title ?? r.caption ?? r.type), r.description ? el("small", {}, r.description) : null)];
}

function choose(queryId, resultId) {
  $("text").value = "";
  closeList();
  attempt(act("choose_inline", { user_id: store.me, chat_id: store.chatId, query_id: queryId, result_id: resultId, thread_id: store.threadId }));
}

function inlineButton(button) {
  closeList();
  if (button.web_app) attempt(openApp({ button: button.text, title: button.text, url: button.web_app.url }));
  else attempt(act("send", { chat_id: store.me, user_id: store.me, text: `/start ${button.start_parameter}` }));
}

function keyPressed(event) {
  const nodes = [...$("offers").children];
  const at = nodes.findIndex((node) => node.getAttribute("aria-selected") === "true");
  if (nodes.length && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.preventDefault();
    mark((at + (event.key === "ArrowDown" ? 1 : -1) + nodes.length) % nodes.length);
  } else if (event.key === "Escape") {
    if (nodes.length) closeList(); else clearDraft();
  } else if (nodes.length && event.key === "Tab" && $("text").value.startsWith("/") && !event.shiftKey) {
    event.preventDefault();
    $("text").value = `${nodes[Math.max(0, at)].querySelector("b").textContent} `;
    closeList();
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    if (nodes.length && at >= 0) nodes[at].click(); else submit();
  }
}

async function toggleCommands() {
  const menu = chat().menu_button;
  if (menu?.type === "web_app") { await openApp({ title: menu.text }); return; }
  if (!$("offers").hidden) { closeList(); return; }
  if (!(await commandList()).length) { toast(t("no_commands")); return; }
  fill("/");
}

function attach() {
  const pick = (accept) => () => { $("file").accept = accept; $("file").click(); };
  openMenu($("attach"), [
    item(t("photo_or_video"), pick("image/*,video/*")), item(t("document"), pick("")), item(t("voice_or_audio"), pick("audio/*")),
    item(t("new_poll"), makePoll), item(t("dice_roll"), () => attempt(act("send_dice", here({ emoji: "🎲", thread_id: store.threadId })))),
  ]);
}

export function startComposer() {
  $("composer").addEventListener("submit", submit);
  $("text").addEventListener("keydown", keyPressed);
  $("text").addEventListener("input", suggest);
  $("text").addEventListener("paste", (event) => { const files = [...event.clipboardData.files]; if (files.length) { event.preventDefault(); offerFiles(files); } });
  $("attach").addEventListener("click", attach);
  $("file").addEventListener("change", () => { const files = [...$("file").files]; $("file").value = ""; offerFiles(files); });
  $("slash").addEventListener("click", () => attempt(toggleCommands()));
  $("answering").lastElementChild.addEventListener("click", clearDraft);
  const room = $("room");
  room.addEventListener("dragover", (event) => event.preventDefault());
  room.addEventListener("drop", (event) => { event.preventDefault(); if (!$("composer").hidden) offerFiles([...event.dataTransfer.files]); });
}

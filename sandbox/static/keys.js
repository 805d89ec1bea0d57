// Buttons: inline ones below a message, and the reply keyboard below the composer.
import { $, alertBox, attempt, el, icon, toast } from "./elements.js";
import { chooseChat, openChat } from "./chats.js";
import { followLink, openApp, pay } from "./late.js";
import { act, awaitEvent, bot, chat, here, isPresent, store } from "./store.js";
import { t } from "./words.js";

const MARKS = [["url", "out"], ["login_url", "out"], ["web_app", "app"], ["copy_text", "copy"], ["pay", "star"],
  ["switch_inline_query", "share"], ["switch_inline_query_current_chat", "share"], ["switch_inline_query_chosen_chat", "share"]];

async function press(m, key, button) {
  button.classList.add("waiting");
  try {
    const { query_id: id } = await act("press", here({ message_id: m.message_id, data: key.callback_data }));
    const answer = await awaitEvent(id);
    if (!answer || answer.user_id !== store.me) return;
    if (answer.show_alert && answer.text) alertBox(answer.text);
    else if (answer.text || (answer.url && !(await followLink(answer.url)))) toast(answer.text, answer.url);
  } catch (error) {
    toast(error.message);
  } finally {
    button.classList.remove("waiting");
  }
}

export function fillInline(query) {
  $("text").value = `@${bot().username} ${query}`;
  $("text").dispatchEvent(new Event("input", { bubbles: true }));
  $("text").focus();
}

async function copyText(text) {
  await navigator.clipboard.writeText(text);
  toast(t("copied"));
}

function run(m, key, button) {
  if (key.callback_data) return press(m, key, button);
  if (key.copy_text) return attempt(copyText(key.copy_text.text));
  if (key.web_app) return openApp({ message_id: m.message_id, button: key.text, title: key.text });
  if (key.pay) return pay(m);
  if (key.switch_inline_query_current_chat !== undefined) return fillInline(key.switch_inline_query_current_chat);
  const query = key.switch_inline_query ?? key.switch_inline_query_chosen_chat?.query ?? "";
  return chooseChat(t("share_to"), (c) => { openChat(c.id); fillInline(query); return false; });
}

export function inlineKeys(m) {
  const rows = m.markup?.inline_keyboard ?? (m.invoice ? [[{ text: t("pay_it", { n: m.invoice.total_amount }), pay: true }]] : null);
  if (!rows) return null;
  const may = chat().type === "private" || isPresent(chat(), store.me);
  return el("div", { class: "keys" }, rows.map((row) => el("div", {}, row.map((key) => {
    const mark = MARKS.find(([name]) => key[name] !== undefined)?.[1];
    const inside = [el("span", {}, key.text), mark && icon(mark, mark === "star")];
    const url = key.url ?? key.login_url?.url;
    if (url) return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, inside);
    return el("button", { disabled: !may, onclick: (e) => run(m, key, e.currentTarget) }, inside);
  }))));
}

let folded = 0; // the message whose one-time keyboard was used

function latestMarkup() {
  return [...chat().messages.values()].reverse().find((m) => m.markup && !m.markup.inline_keyboard &&
    (!m.markup.selective || m.reply_to_message?.from?.id === store.me));
}

function strike(m, key) {
  if (m.markup.one_time_keyboard) { folded = m.message_id; renderKeyboard(); }
  const text = key.text ?? key;
  if (key.web_app) return openApp({ message_id: m.message_id, button: text, title: text, answers: true });
  return attempt(act("send", here({ text, thread_id: store.threadId, reply_to: chat().type === "private" ? null : m.message_id })));
}

export function renderKeyboard() {
  const m = latestMarkup();
  const rows = m?.message_id !== folded && isPresent(chat(), store.me) && !$("composer").hidden ? m?.markup.keyboard : null;
  $("keyboard").hidden = !rows;
  const force = m?.markup.force_reply || m?.markup.keyboard ? m.markup.input_field_placeholder : "";
  $("text").placeholder = force || t("message");
  if (rows) $("keyboard").replaceChildren(...rows.map((row) => el("div", {}, row.map((key) => el("button", { onclick: () => strike(m, key) }, key.text ?? key)))));
}

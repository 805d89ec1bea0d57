// A Mini App in a sheet: its frame, and the messages it and Telegram's script exchange.
import { $, alertBox, ask, attempt, el, icon, openSheet, toast } from "./elements.js";
import { act, here, store } from "./store.js";
import { t } from "./words.js";

const dark = () => matchMedia("(prefers-color-scheme: dark)").matches;
const themeOf = (url) => JSON.parse(new URLSearchParams(new URL(url).hash.slice(1)).get("tgWebAppThemeParams"));

// `answers`: opened from a reply keyboard, so that the app may send data to the bot.
export async function openApp({ message_id = 0, button = "", title = "", answers = false }) {
  try {
    const { url } = await act("open_app", here({ message_id, button, theme: dark() ? "dark" : "light" }));
    show(url, title, answers ? button : "");
  } catch (error) { toast(error.message); }
}

function show(url, title, button) {
  const frame = el("iframe", { class: "app", src: url, title, sandbox: "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-modals allow-downloads", allow: "clipboard-write" });
  const main = el("button", { class: "primary big-button", hidden: true, onclick: () => say("main_button_pressed") });
  const second = el("button", { class: "wide", hidden: true, onclick: () => say("secondary_button_pressed") });
  const back = el("button", { class: "icon", "aria-label": t("back"), hidden: true, onclick: () => say("back_button_pressed") }, icon("back"));
  const say = (eventType, eventData = {}) => frame.contentWindow?.postMessage(JSON.stringify({ eventType, eventData }), new URL(url).origin);
  const sheet = openSheet(title || t("mini_app"), [frame, el("div", { class: "app-foot" }, second, main)], { className: "miniapp", onclose: () => removeEventListener("message", hear) });
  sheet.querySelector("header").prepend(back);
  const app = { url, button, frame, main, second, back, say, sheet, careful: false };
  function hear(event) {
    if (event.source !== frame.contentWindow) return;
    try {
      const { eventType, eventData } = JSON.parse(event.data);
      HEARD[eventType]?.(app, typeof eventData === "string" ? JSON.parse(eventData) : eventData ?? {});
    } catch (error) { if (!(error instanceof SyntaxError)) throw error; } // not of Telegram's script
  }
  addEventListener("message", hear);
  sheet.addEventListener("cancel", (event) => { if (app.careful) { event.preventDefault(); leave(app); } });
}

const leave = (app) => ask(t("close_app"), t("close"), () => app.sheet.close(), true);

function setButton(node, data) {
  if (data.is_visible !== undefined) node.hidden = !data.is_visible || !data.text?.trim();
  if (data.text) node.textContent = data.text;
  node.disabled = data.is_active === false;
  node.classList.toggle("waiting", Boolean(data.is_progress_visible));
}

function measures(app) {
  app.say("viewport_changed", { height: app.frame.clientHeight, width: app.frame.clientWidth, is_state_stable: true, is_expanded: true });
}

function openLink(url) {
  if (/^https?:/i.test(url)) open(url, "_blank", "noopener,noreferrer");
}

function popup(app, { title, message, buttons }) {
  const close = (id) => { app.say("popup_closed", id === undefined ? {} : { button_id: id }); };
  let chosen;
  const sheet = openSheet(title || t("mini_app"), [el("p", { class: "said" }, message), el("p", { class: "row end" }, (buttons ?? [{ id: "", type: "ok" }]).map((b) =>
    el("button", { class: b.type === "destructive" ? "primary bad" : "quiet", onclick: () => { chosen = b.id; sheet.close(); } }, b.text || t({ cancel: "cancel", close: "close" }[b.type] ?? "ok"))))],
  { className: "short", onclose: () => close(chosen) });
}

const HEARD = {
  iframe_ready: (app) => app.say("set_custom_style", ""),
  web_app_ready: (app) => app.frame.classList.add("ready"),
  web_app_close: (app) => app.sheet.close(),
  web_app_request_viewport: measures,
  web_app_expand: measures,
  web_app_request_theme: (app) => app.say("theme_changed", { theme_params: themeOf(app.url) }),
  web_app_request_safe_area: (app) => app.say("safe_area_changed", { top: 0, bottom: 0, left: 0, right: 0 }),
  web_app_request_content_safe_area: (app) => app.say("content_safe_area_changed", { top: 0, bottom: 0, left: 0, right: 0 }),
  web_app_open_link: (_app, { url }) => openLink(url),
  web_app_open_tg_link: (app, { path_full: path }) => { alertBox(`t.me${path}`); app.sheet.close(); },
  web_app_open_popup: popup,
  web_app_setup_main_button: (app, data) => setButton(app.main, data),
  web_app_setup_secondary_button: (app, data) => setButton(app.second, data),
  web_app_setup_back_button: (app, { is_visible: visible }) => { app.back.hidden = !visible; },
  web_app_setup_closing_behavior: (app, { need_confirmation: needed }) => { app.careful = Boolean(needed); },
  web_app_data_send: (app, { data }) => {
    if (!app.button) return;
    attempt(act("send_app_data", { user_id: store.me, button_text: app.button, data }));
    app.sheet.close();
    $("text").focus();
  },
};

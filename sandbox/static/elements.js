// Small makers of elements, sheets, menus and notes. Text always goes in as text.
import { t } from "./words.js";

export const $ = (id) => document.getElementById(id);

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  if (tag === "button") node.type = "button";
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false && c !== ""));
  return node;
}

const PATHS = {
  close: "M6 6l12 12M18 6L6 18", check: "M5 12.5l4.5 4.5L19 7.5", pin: "M9 4h6l-1 6 3 3v2H7v-2l3-3zM12 15v5", add: "M12 5v14M5 12h14",
  play: "M8 5.5v13l11-6.5z", pause: "M9 6v12M15 6v12", file: "M7 3h7l4 4v14H7zM14 3v4h4", down: "M12 5v12M6 12l6 6 6-6",
  photo: "M4 6h16v12H4zM4 16l5-5 4 4 3-2 4 4", poll: "M6 20V10M12 20V4M18 20v-7", dice: "M5 5h14v14H5zM9 9h.01M15 15h.01M12 12h.01",
  copy: "M9 9h10v11H9zM5 15V4h10", out: "M8 16L17 7M9 7h8v8", app: "M4 5h16v14H4zM4 9h16", share: "M12 15V4M7 9l5-5 5 5M5 14v6h14v-6",
  menu: "M12 5h.01M12 12h.01M12 19h.01", clip: "M8 12.5l6.2-6.2a3 3 0 014.3 4.2l-7.6 7.6a5 5 0 01-7-7L11 4", send: "M3.4 20.4L21.5 12 3.4 3.6v6.6L15 12 3.4 13.8z",
  star: "M12 3.5l2.6 5.6 6 .7-4.5 4.1 1.3 6-5.4-3.1-5.4 3.1 1.3-6L3.4 9.8l6-.7z", link: "M10 14a4 4 0 006 .4l3-3a4 4 0 00-6-6l-1 1M14 10a4 4 0 00-6-.4l-3 3a4 4 0 006 6l1-1",
  clock: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3.5 2", back: "M15 5l-7 7 7 7", people: "M9 11a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM3 20c0-4 3-6 6-6s6 2 6 6M16 4.5a3.5 3.5 0 010 6M18 14.5c2 .8 3 2.7 3 5.5",
};

export function icon(name, solid = false) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  if (solid) path.setAttribute("class", "solid");
  svg.append(path);
  return svg;
}

const modal = () => [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;

export function toast(text, url = "") {
  const note = el("p", {}, text, url && el("a", { href: url, target: "_blank", rel: "noopener" }, ` ${url}`));
  if ($("toast").matches(":popover-open")) $("toast").hidePopover();
  modal().append($("toast"));
  $("toast").showPopover();
  $("toast").append(note);
  setTimeout(() => { note.remove(); if (!$("toast").children.length && $("toast").isConnected) $("toast").hidePopover(); }, 4500);
}

export const attempt = (promise) => promise.catch((error) => toast(error.message));

let sheets = 0;

// A dialog over the page; what is open below waits. Removed when it closes.
export function openSheet(title, content, { className = "", onclose } = {}) {
  const id = `sheet${++sheets}`;
  const close = el("button", { class: "icon", "aria-label": t("close"), onclick: () => node.close() }, icon("close"));
  const node = el("dialog", { class: `sheet ${className}`, "aria-labelledby": id },
    el("header", { class: "bar" }, el("h2", { id }, title), close), el("div", { class: "content" }, content));
  node.addEventListener("click", (event) => { if (event.target === node) node.close(); });
  node.addEventListener("close", () => {
    // What is moved is closed: a menu that was opened meanwhile, below, stays.
    document.body.append(...[$("menu"), $("toast")].filter((one) => node.contains(one)));
    node.remove();
    onclose?.();
  });
  document.body.append(node);
  node.showModal();
  return node;
}

export function alertBox(text) {
  $("alert").querySelector("p").textContent = text;
  $("alert").showModal();
}

// Asks once, with what will happen in the question.
export function ask(question, label, run, danger = false) {
  const go = el("button", { class: danger ? "primary bad" : "primary", onclick: () => { node.close(); run(); } }, label);
  const node = openSheet(question, el("p", { class: "row end" }, el("button", { class: "quiet", onclick: () => node.close() }, t("cancel")), go), { className: "short" });
  go.focus();
}

let opener = null;

export const item = (label, run, className = "", small = "") =>
  el("button", { class: className, onclick: () => { closeMenu(); run(); } }, el("span", {}, label), small && el("small", {}, small));

export function openMenu(anchor, items, at = null) {
  const menu = $("menu");
  opener = anchor;
  modal().append(menu);
  menu.replaceChildren(...items.filter(Boolean));
  for (const button of menu.querySelectorAll("button:not([role])")) button.setAttribute("role", "menuitem");
  menu.showPopover();
  const box = anchor.getBoundingClientRect();
  const [x, y] = at ?? [box.left, box.bottom + 4];
  const left = Math.max(10, Math.min(x, innerWidth - menu.offsetWidth - 10));
  const top = y + menu.offsetHeight > innerHeight - 10 ? Math.max(10, (at ? y : box.top) - menu.offsetHeight - 4) : y;
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
  menu.querySelector("button")?.focus({ preventScroll: true });
}

export function closeMenu() {
  if ($("menu").matches(":popover-open")) $("menu").hidePopover();
}

export function moveFocus(event, buttons) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!step || !buttons.length) return;
  event.preventDefault();
  buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length].focus();
}

export function startMenus() {
  $("menu").addEventListener("keydown", (event) => moveFocus(event, [...$("menu").querySelectorAll("button")]));
  $("menu").addEventListener("toggle", (event) => {
    if (event.newState === "closed" && opener?.isConnected && document.activeElement === document.body) opener.focus({ preventScroll: true });
  });
}

// Many calls within a frame become one; hidden pages have no frames.
export function onceAFrame(run) {
  let asked = false;
  const go = () => { asked = false; run(); };
  return () => {
    if (asked) return;
    asked = true;
    if (document.hidden) setTimeout(go, 250); else requestAnimationFrame(go);
  };
}

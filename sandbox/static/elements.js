// Small makers of elements. Text always goes in as text.
export const $ = (id) => document.getElementById(id);

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

export function toast(text, url = "") {
  const note = el("p", {}, text, url && el("a", { href: url, target: "_blank", rel: "noopener" }, ` ${url}`));
  $("toast").append(note);
  setTimeout(() => note.remove(), 4500);
}

export function alertBox(text) {
  $("alert").querySelector("p").textContent = text;
  $("alert").showModal();
}

let opener = null;

export function openMenu(anchor, items, at = null) {
  const menu = $("menu");
  opener = anchor;
  menu.replaceChildren(...items);
  for (const button of menu.querySelectorAll("button:not([role])")) button.setAttribute("role", "menuitem");
  menu.showPopover();
  const box = anchor.getBoundingClientRect();
  const [x, y] = at ?? [box.left, box.bottom + 4];
  const left = Math.max(10, Math.min(x, innerWidth - menu.offsetWidth - 10));
  const top = y + menu.offsetHeight > innerHeight - 10 ? Math.max(10, (at ? y : box.top) - menu.offsetHeight - 4) : y;
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
  menu.querySelector("button")?.focus();
}

export function closeMenu() {
  $("menu").hidePopover();
}

$("menu").addEventListener("keydown", (event) => {
  const buttons = [...$("menu").querySelectorAll("button")];
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length]?.focus();
});

$("menu").addEventListener("toggle", (event) => {
  if (event.newState === "closed" && opener?.isConnected && document.activeElement === document.body) opener.focus();
});

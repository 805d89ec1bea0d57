// Text with entities: offsets are UTF-16 units, as JavaScript's own strings count.
import { el } from "./elements.js";
import { t } from "./words.js";

const PLAIN = { bold: "b", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre" };

export function formatted(text, entities = [], onCommand = () => {}) {
  return range(text, [...entities], 0, text.length, onCommand);
}

function range(text, entities, start, end, onCommand) {
  const out = document.createDocumentFragment();
  let at = start;
  while (entities.length) {
    const entity = entities[0];
    if (entity.offset >= end) break;
    entities.shift();
    if (entity.offset < at) continue;
    out.append(text.slice(at, entity.offset));
    const stop = Math.min(entity.offset + entity.length, end);
    const inner = [];
    while (entities.length && entities[0].offset < stop) inner.push(entities.shift());
    out.append(element(entity, range(text, inner, entity.offset, stop, onCommand), text.slice(entity.offset, stop), onCommand));
    at = stop;
    if (isBlock(entity) && text[at] === "\n") at += 1;
  }
  out.append(text.slice(at, end));
  return out;
}

const isBlock = (entity) => ["pre", "blockquote", "expandable_blockquote"].includes(entity.type);

function element(entity, inside, covered, onCommand) {
  if (PLAIN[entity.type]) return el(PLAIN[entity.type], {}, inside);
  const safe = (url) => (/^(https?|tg|mailto):/i.test(url) ? url : `http://${url}`);
  const link = (href) => el("a", { href, target: "_blank", rel: "noopener noreferrer" }, inside);
  switch (entity.type) {
    case "text_link": return link(safe(entity.url));
    case "url": return link(safe(covered));
    case "email": return link(`mailto:${covered}`);
    case "bot_command": return el("button", { class: "command", onclick: () => onCommand(covered) }, inside);
    case "spoiler": return spoiler(inside);
    case "blockquote": return el("blockquote", {}, inside);
    case "expandable_blockquote": return folding(inside, covered);
    default: return el("span", {}, inside);
  }
}

function spoiler(inside) {
  const node = el("span", { class: "spoiler", role: "button", tabindex: "0" }, inside);
  const show = () => node.classList.add("shown");
  node.addEventListener("click", show);
  node.addEventListener("keydown", (event) => event.key === "Enter" && show());
  return node;
}

function folding(inside, covered) {
  const quote = el("blockquote", {}, inside);
  if (covered.length < 160 && covered.split("\n").length <= 3) return quote;
  quote.classList.add("folded");
  const button = el("button", { class: "unfold", "aria-expanded": "false" }, t("unfold"));
  button.addEventListener("click", () => {
    const folded = quote.classList.toggle("folded");
    button.setAttribute("aria-expanded", String(!folded));
    button.textContent = t(folded ? "unfold" : "fold");
  });
  const both = document.createDocumentFragment();
  both.append(quote, button);
  return both;
}

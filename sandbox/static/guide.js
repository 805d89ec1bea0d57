// The first visit: a short list that ticks itself off. The sandbox knows the steps and what is done.
import { $, attempt, el, icon, openSheet, toast } from "./elements.js";
import { onPhone, openChat } from "./chats.js";
import { fill } from "./composer.js";
import { messageMenu } from "./doing.js";
import { jump, latestRows, nodeOf } from "./log.js";
import { become, personOf } from "./people.js";
import { offerSample } from "./late.js";
import { act, here, post, store } from "./store.js";
import { openTime } from "./timing.js";
import { language, t } from "./words.js";

let sheet = null;
const done = () => store.guide.filter((step) => step.done).length;
const isOpen = () => localStorage.getItem("guide") !== "folded";

function glow(node) {
  if (!node) return;
  node.scrollIntoView({ block: "nearest" });
  node.classList.add("glow");
  node.focus({ preventScroll: true });
  setTimeout(() => node.classList.remove("glow"), 2400);
}

function point(where) {
  if (where === "sample") { attempt(offerSample()); return; }
  if (where === "time") { openTime(); return; }
  const rows = latestRows().filter((m) => !m.is_service);
  if (where === "keys") {
    const m = rows.findLast((x) => x.markup?.inline_keyboard);
    if (!m) { toast(t("ask_first")); return; }
    jump(m.message_id);
    glow(nodeOf(m.message_id).querySelector(".keys"));
    return;
  }
  if (where === "message") {
    const m = rows.findLast((x) => x.from?.id !== store.me);
    if (!m) return;
    const bubble = nodeOf(m.message_id).querySelector(".bubble");
    bubble.scrollIntoView({ block: "center" });
    messageMenu(m, bubble);
    return;
  }
  const node = document.querySelector(where);
  if (onPhone() && $("side").contains(node)) document.body.dataset.view = "list";
  glow(node);
}

// A bot is written to only once it was started; the composer comes with the first message.
async function begin() {
  await act("send", here({ text: "/start" }));
  for (let i = 0; i < 40 && $("composer").hidden; i += 1) await new Promise((done) => setTimeout(done, 50));
}

async function showMe(step) {
  const { as, chat, fill: words, point: where } = step.show;
  sheet?.close();
  if (as) {
    const id = personOf(as);
    await become(id, { chatId: chat === "private" ? id : store.groupId });
  } else if (chat === "group") openChat(store.groupId);
  if ($("composer").hidden && chat === "private") await begin();
  if (words) fill(words[language]);
  if (where) point(where);
}

function stepRow(step, number) {
  const [title, hint] = step.words[language];
  return el("li", { class: step.done ? "done" : step === store.guide.find((x) => !x.done) ? "next" : "" },
    el("i", { "aria-hidden": "true" }, step.done ? icon("check") : String(number)),
    el("span", {}, el("b", {}, title, step.done ? el("span", { class: "hidden" }, ` (${t("done")})`) : null), step.done ? null : el("small", {}, hint)),
    step.done ? null : el("button", { class: "quiet", "aria-label": `${t("show_me")}: ${title}`, onclick: () => attempt(showMe(step)) }, t("show_me")));
}

function list() {
  const all = done() === store.guide.length;
  return [el("ol", { class: "steps" }, store.guide.map((step, i) => stepRow(step, i + 1))),
    all ? el("p", { class: "closing" }, t("all_done")) : null,
    el("p", { class: "row end" }, el("button", { class: "quiet", onclick: () => { sheet?.close(); hide(true); } }, t("put_away")))];
}

const hide = (hidden) => attempt(post("/sandbox/guide", { hidden }));

function openGuide() {
  if (store.guideHidden) hide(false);
  sheet = openSheet(t("first_steps"), el("div", { class: "guide" }, list()), { onclose: () => { sheet = null; } });
}

// On wide screens a card in the side bar; on phones a line that opens the same list.
export function renderGuide() {
  const n = store.guide.length;
  const line = `${done()} / ${n}`;
  $("guide").hidden = $("guide-line").hidden = store.guideHidden || !n;
  $("guide-again").hidden = !store.guideHidden;
  $("guide-again").textContent = t("first_steps");
  const card = $("guide");
  card.open = isOpen();
  card.querySelector("summary").replaceChildren(el("b", {}, t("first_steps")), el("small", {}, line), icon("down"));
  card.querySelector("div").replaceChildren(...list().filter(Boolean));
  const next = store.guide.find((step) => !step.done);
  $("guide-line").replaceChildren(el("b", {}, `${t("first_steps")} ${line}`), el("span", {}, next ? next.words[language][0] : t("all_done")));
  if (sheet) sheet.querySelector(".guide").replaceChildren(...list().filter(Boolean));
}

export function guideCame({ id, hidden }) {
  store.guideHidden = hidden;
  const step = store.guide.find((x) => x.id === id);
  if (step && !step.done) {
    step.done = true;
    toast(done() === store.guide.length ? t("all_done") : `✓ ${step.words[language][0]}`);
  }
  renderGuide();
}

export function startGuide() {
  $("guide").addEventListener("toggle", () => localStorage.setItem("guide", $("guide").open ? "open" : "folded"));
  $("guide-line").addEventListener("click", openGuide);
  $("guide-again").addEventListener("click", openGuide);
}

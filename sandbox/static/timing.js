// The sandbox's clock as a button, and the sheet that makes time run faster or the members pause.
import { $, attempt, el, icon, openSheet } from "./elements.js";
import { clock, dayAndClock, sandboxNow, shortDay, setTime, time } from "./moment.js";
import { post } from "./store.js";
import { t } from "./words.js";

const SPEEDS = [1, 60, 600, 3600];
let redraw = null;

export function renderTime() {
  const now = sandboxNow();
  const words = time.speed > 1 ? `${shortDay(now)} ${clock(now)} ×${time.speed}` : dayAndClock(now);
  if ($("time").lastElementChild?.textContent !== words) $("time").replaceChildren(icon("clock"), el("span", {}, words));
  $("time").setAttribute("aria-label", t("time_is", { when: words }));
  redraw?.();
}

async function set(given) {
  setTime(await post("/sandbox/time", given));
  renderTime();
}

export function openTime() {
  const now = el("p", { class: "now" });
  const speeds = SPEEDS.map((speed) => el("button", { class: "speed", onclick: () => attempt(set({ speed })) }, `×${speed.toLocaleString("en")}`, el("small", {}, t(`speed_${speed}`))));
  const life = el("input", { type: "checkbox", role: "switch", onchange: () => attempt(set({ life: life.checked })) });
  redraw = () => {
    now.textContent = dayAndClock(sandboxNow());
    speeds.forEach((button, i) => button.setAttribute("aria-pressed", String(SPEEDS[i] === time.speed)));
    life.checked = time.life;
  };
  redraw();
  openSheet(t("sandbox_time"), [now, el("div", { class: "speeds", role: "group", "aria-label": t("speed") }, speeds),
    el("label", { class: "check" }, life, el("span", {}, t("life"), el("small", {}, t("life_note")))), el("p", { class: "soft" }, t("time_note"))],
  { className: "short", onclose: () => { redraw = null; } });
}

export function startTime() {
  $("time").addEventListener("click", openTime);
}

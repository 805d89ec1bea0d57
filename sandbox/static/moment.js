// The sandbox's clock, and times in words by it.
import { language, t } from "./words.js";

export const time = { now: Date.now() / 1000, speed: 1, life: false };
let heardAt = performance.now();

export function setTime(given) {
  Object.assign(time, given);
  heardAt = performance.now();
}

// Above 60 the sandbox leaps from event to event: between two words of it we do not guess.
export const sandboxNow = () => time.now + (time.speed < 60 ? ((performance.now() - heardAt) / 1000) * time.speed : 0);

const formats = new Map();
function format(name, options) {
  const key = `${language}/${name}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", options));
  return formats.get(key);
}

export const clock = (date) => format("clock", { hour: "2-digit", minute: "2-digit" }).format(date * 1000);
export const dayAndClock = (date) => format("both", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(date * 1000);
export const shortDay = (date) => format("short", { day: "numeric", month: "short" }).format(date * 1000);
const midnight = (date) => new Date(date * 1000).setHours(0, 0, 0, 0);
export const daysAgo = (date) => Math.round((midnight(sandboxNow()) - midnight(date)) / 86400000);
export const sameDay = (a, b) => Math.abs(a - b) < 86400 && midnight(a) === midnight(b);

export function day(date) {
  const ago = daysAgo(date);
  if (ago === 0) return t("today");
  if (ago === 1) return t("yesterday");
  return format("day", { day: "numeric", month: "long" }).format(date * 1000);
}

export const when = (date) => (daysAgo(date) > 0 ? shortDay(date) : clock(date));

export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds || 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

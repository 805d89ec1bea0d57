// The page's own words. Everything else on it was written by people or by the bot.
const spoken = async (code) => (await import(`./words_${code}.js`)).WORDS;

export let language = localStorage.getItem("language") || (navigator.language.startsWith("zh") ? "zh" : "en");
let words = await spoken(language);

// A name written from right to left must not turn the words around it.
const apart = (value) => (/[\u0590-\u08ff]/.test(value) ? `\u2068${value}\u2069` : value);

export function t(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => apart(String(values[name] ?? "")));
}

export async function setLanguage(code) {
  words = await spoken(code);
  language = code;
  localStorage.setItem("language", code);
}

export function translatePage() {
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  for (const el of document.querySelectorAll("[data-t]")) el.textContent = t(el.dataset.t);
  for (const el of document.querySelectorAll("[data-t-label]")) el.setAttribute("aria-label", t(el.dataset.tLabel));
  for (const el of document.querySelectorAll("[data-t-placeholder]")) el.placeholder = t(el.dataset.tPlaceholder);
  const button = document.getElementById("language");
  button.textContent = language === "zh" ? "English" : "中文";
  button.lang = language === "zh" ? "en" : "zh-Hans";
  button.setAttribute("aria-label", language === "zh" ? "Switch to English" : "切换到中文");
}

// Paying with test Stars: the sheet that asks, the bot's word, the receipt.
import { $, attempt, el, openSheet, toast } from "./elements.js";
import { shortened, stars } from "./saying.js";
import { act, awaitEvent, here, loadPeople, me } from "./store.js";
import { t } from "./words.js";

const count = (n) => Number(n ?? 0).toLocaleString("en");

export function pay(m) {
  const { title, description, total_amount: amount } = m.invoice;
  const enough = (me().stars ?? 0) >= amount;
  const go = el("button", { class: "primary big-button", disabled: !enough, onclick: () => attempt(confirm(m, go, sheet)) }, t("pay_it", { n: count(amount) }));
  const sheet = openSheet(t("confirm_payment"), el("div", { class: "checkout" },
    el("span", { class: "huge", "aria-hidden": "true" }, "⭐"), el("h3", {}, title), el("p", {}, description), el("p", { class: "price" }, stars(amount)),
    el("p", { class: "soft" }, t("balance", { n: count(me().stars) })), enough ? null : el("p", { class: "bad-note" }, t("too_few_stars")), go, el("p", { class: "soft" }, t("pretend_money"))), { className: "short" });
  go.focus();
}

async function confirm(m, button, sheet) {
  button.disabled = true;
  button.classList.add("waiting");
  try {
    const { query_id: id } = await act("pay", here({ message_id: m.message_id }));
    const event = await awaitEvent(id, 12);
    await loadPeople();
    sheet.close();
    if (!event) toast(t("bot_silent"));
    else if (!event.ok) toast(event.error_message || t("payment_refused"));
    else toast(t("payment_done", { what: shortened(m.invoice.title), n: count(me().stars) }));
    $("text").focus();
  } finally {
    button.disabled = false;
    button.classList.remove("waiting");
  }
}

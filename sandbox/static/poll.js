// Polls and quizzes: voting, taking a vote back, results, who voted.
import { attempt, el, icon, openSheet } from "./elements.js";
import { act, here, isPresent, chat, nameOf, store } from "./store.js";
import { formatted } from "./text.js";
import { t } from "./words.js";

const votesOf = (m) => m.poll_votes?.[store.me] ?? [];

function kindLine(poll) {
  if (poll.is_closed) return t("poll_closed");
  const anonymous = poll.is_anonymous !== false;
  if (poll.type === "quiz") return t(anonymous ? "quiz_anonymous" : "quiz_public");
  return t(anonymous ? "poll_anonymous" : "poll_public");
}

function voteLine(poll) {
  const n = poll.total_voter_count;
  return n ? t(n === 1 ? "one_vote" : "votes", { n }) : t("no_votes");
}

const vote = (m, ids) => attempt(act("vote", here({ message_id: m.message_id, option_ids: ids })));

function choices(m, poll, may) {
  const several = poll.allows_multiple_answers;
  if (!several) return el("div", { class: "options", role: "group", "aria-label": poll.question },
    poll.options.map((option, i) => el("button", { class: "option", disabled: !may, onclick: () => vote(m, [i]) }, el("i"), el("span", {}, option.text))));
  const boxes = poll.options.map((option) => el("label", { class: "option" }, el("input", { type: "checkbox", disabled: !may }), el("span", {}, option.text)));
  const chosen = () => boxes.flatMap((label, i) => (label.firstChild.checked ? [i] : []));
  const send = el("button", { class: "wide", disabled: true, onclick: () => vote(m, chosen()) }, t("vote"));
  return el("div", { class: "options", role: "group", "aria-label": poll.question, onchange: () => { send.disabled = !chosen().length; } }, boxes, send);
}

function results(m, poll) {
  const mine = votesOf(m);
  const total = poll.total_voter_count || 0;
  const most = Math.max(1, ...poll.options.map((o) => o.voter_count));
  return el("ul", { class: "options" }, poll.options.map((option, i) => {
    const share = total ? Math.round((100 * option.voter_count) / total) : 0;
    const right = poll.type === "quiz" ? poll.correct_option_id === i : null;
    const state = poll.type !== "quiz" ? "" : right ? "right" : mine.includes(i) ? "wrong" : "";
    const mark = mine.includes(i) || right ? icon(state === "wrong" ? "close" : "check") : null;
    const bar = el("b", { class: "bar-line" });
    bar.style.width = `${Math.max(1, (100 * option.voter_count) / most)}%`;
    return el("li", { class: `result ${state}` }, el("small", {}, `${share} %`), el("span", {}, option.text, mine.includes(i) ? el("span", { class: "hidden" }, ` (${t("your_vote")})`) : null),
      el("em", {}, mark), bar);
  }));
}

function showVoters(m) {
  const by = m.poll.options.map((_, i) => Object.entries(m.poll_votes ?? {}).filter(([, ids]) => ids.includes(i)).map(([id]) => Number(id)));
  openSheet(m.poll.question, m.poll.options.map((option, i) => [
    el("h3", {}, `${option.text} · ${by[i].length}`),
    el("ul", { class: "plain" }, by[i].map((id) => el("li", {}, nameOf(id))), by[i].length ? null : el("li", { class: "soft" }, t("no_votes"))),
  ]));
}

export function pollNode(m) {
  const { poll } = m;
  const mine = votesOf(m);
  const may = isPresent(chat(), store.me) || chat().type === "private";
  const open = !poll.is_closed && !mine.length;
  const isPublic = poll.is_anonymous === false;
  return el("div", { class: "poll" },
    el("b", { class: "question" }, formatted(poll.question, poll.question_entities)),
    el("small", { class: "soft" }, kindLine(poll)),
    open ? choices(m, poll, may) : results(m, poll),
    !open && poll.explanation ? el("p", { class: "explanation" }, "💡 ", formatted(poll.explanation, poll.explanation_entities)) : null,
    el("p", { class: "poll-foot" }, el("small", { class: "soft" }, voteLine(poll)),
      isPublic && poll.total_voter_count ? el("button", { class: "quiet", onclick: () => showVoters(m) }, t("who_voted")) : null,
      mine.length && !poll.is_closed && poll.type !== "quiz" ? el("button", { class: "quiet", onclick: () => vote(m, []) }, t("retract")) : null));
}

// The sheet in which one makes a poll.
export function makePoll() {
  const field = (label, max) => el("label", { class: "field" }, el("span", {}, label), el("input", { type: "text", maxlength: String(max), required: true }));
  const question = field(t("question"), 300);
  const list = el("div", {});
  const toggle = (key) => el("label", { class: "check" }, el("input", { type: "checkbox" }), el("span", {}, t(key)));
  const [anonymous, several, quiz] = [toggle("anonymous"), toggle("several"), toggle("quiz")];
  anonymous.firstChild.checked = true;
  const add = () => {
    if (list.children.length >= 10) return;
    const n = list.children.length + 1;
    const pick = el("input", { type: "radio", name: "right", value: String(n - 1), "aria-label": t("right_answer", { n }), hidden: !quiz.firstChild.checked, checked: n === 1 });
    list.append(el("div", { class: "row" }, pick, el("input", { type: "text", maxlength: "100", "aria-label": t("option", { n }), placeholder: t("option", { n }) })));
  };
  add(); add(); add();
  quiz.addEventListener("change", () => {
    for (const pick of list.querySelectorAll("[name=right]")) pick.hidden = !quiz.firstChild.checked;
    several.firstChild.disabled = quiz.firstChild.checked;
    several.firstChild.checked &&= !quiz.firstChild.checked;
  });
  const form = el("form", { class: "form", method: "dialog" }, question, el("h3", {}, t("options")), list,
    el("button", { class: "quiet", onclick: () => { add(); list.lastElementChild.querySelector("[type=text]").focus(); } }, icon("add"), t("add_option")),
    anonymous, several, quiz, el("p", { class: "row end" }, el("button", { type: "submit", class: "primary" }, t("send"))));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const texts = [...list.querySelectorAll("[type=text]")].map((input) => input.value.trim());
    const options = texts.filter(Boolean);
    const right = texts[Number(list.querySelector("[name=right]:checked")?.value ?? 0)];
    const isQuiz = quiz.firstChild.checked;
    attempt(act("send_poll", here({
      question: question.lastChild.value.trim(), options, is_anonymous: anonymous.firstChild.checked,
      allows_multiple_answers: several.firstChild.checked, type: isQuiz ? "quiz" : "regular",
      correct_option_id: isQuiz ? Math.max(0, options.indexOf(right)) : null, thread_id: store.threadId,
    })).then((sent) => sent && sheet.close()));
  });
  const sheet = openSheet(t("new_poll"), form);
}

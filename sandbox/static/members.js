// About a group: its members with roles and what a manager may do, invite links, join requests.
import { ask, attempt, el, icon, item, openMenu, openSheet, toast } from "./elements.js";
import { face } from "./message.js";
import { dayAndClock } from "./moment.js";
import { become } from "./people.js";
import { renderFoot } from "./room.js";
import { act, bot, chat, chatName, fullName, here, isAdmin, isPresent, loadPeople, me, nameOf, store } from "./store.js";
import { t } from "./words.js";

const MOST_SHOWN = 200;
const WEIGHT = { creator: 0, administrator: 1, member: 2, restricted: 3, kicked: 4 };

// The open list shows at once what an act changed, whether or not the sandbox tells of it.
async function change(action, params) {
  await act(action, here(params));
  await loadPeople();
  document.dispatchEvent(new Event("people"));
}

const about = (action, id, extra = {}) => attempt(change(action, { target_id: id, ...extra }));

function roleMark(member) {
  return member.title || { creator: t("owner_mark"), administrator: t("admin_mark"), restricted: t("restricted"), kicked: t("banned") }[member.status] || "";
}

function memberMenu(c, member, anchor, sheet) {
  const id = member.user_id;
  const name = nameOf(id);
  const isBot = id === store.botId;
  const admin = isAdmin(c, store.me) && id !== store.me && member.status !== "creator";
  openMenu(anchor, [
    !isBot && id !== store.me && item(t("become", { name }), () => { sheet.close(); become(id); }),
    admin && ["member", "restricted"].includes(member.status) && item(t(isBot ? "bot_admin" : "promote"), () => about("promote", id)),
    admin && member.status === "administrator" && item(t(isBot ? "bot_member" : "demote"), () => about("demote", id)),
    admin && !isBot && member.status === "member" && item(t("restrict"), () => about("restrict", id, { permissions: [] })),
    admin && member.status === "restricted" && item(t("unrestrict"), () => about("restrict", id, {})),
    admin && member.status === "kicked" && item(t("unban"), () => about("unban", id)),
    admin && member.status !== "kicked" && item(t("remove_member"), () => ask(t("remove_this_member", { name }), t("remove_member"), () => about("remove", id), true), "danger"),
    !admin && (isBot || id === store.me) && item(t("close"), () => {}),
  ]);
}

function memberRows(c, wanted, sheet) {
  const fits = (m) => (isPresent(c, m.user_id) || (m.status === "kicked" && isAdmin(c, store.me))) && nameOf(m.user_id).toLowerCase().includes(wanted);
  const found = c.members.filter(fits).sort((a, b) => (WEIGHT[a.status] ?? 9) - (WEIGHT[b.status] ?? 9));
  return found.slice(0, MOST_SHOWN).map((member) => el("li", {}, el("button", { "aria-haspopup": "menu", onclick: (e) => memberMenu(c, member, e.currentTarget, sheet()) },
    face(member.user_id, nameOf(member.user_id), "small"),
    el("span", { class: "text" }, nameOf(member.user_id), member.user_id === store.me ? el("em", {}, ` (${t("this_is_you")})`) : null),
    el("small", {}, roleMark(member)))));
}

function requests(c) {
  const list = c.join_requests ?? [];
  if (!list.length) return null;
  const answer = (r, approved) => about("answer_join_request", r.user_id, { approved });
  return el("section", {}, el("h3", {}, t("requests", { n: list.length })), el("ul", { class: "rows" }, list.map((r) => el("li", { class: "request" },
    face(r.user_id, nameOf(r.user_id), "small"), el("span", { class: "text" }, nameOf(r.user_id), el("small", {}, r.bio || dayAndClock(r.date))),
    el("button", { class: "quiet", onclick: () => answer(r, false) }, t("decline")), el("button", { class: "primary", onclick: () => answer(r, true) }, t("approve"))))));
}

const linkName = (link) => link.name || (link.is_primary ? t("primary_link") : t("unnamed_link"));

function linkLine(link) {
  return [link.creates_join_request ? t("by_approval") : "", t("joined_n", { n: link.joined ?? 0 }), link.member_limit ? t("limit_n", { n: link.member_limit }) : ""].filter(Boolean).join(" · ");
}

function links(c) {
  const current = (c.invite_links ?? []).filter((link) => !link.is_revoked);
  const copy = async (link) => { await navigator.clipboard.writeText(link.invite_link); toast(t("copied")); };
  return el("section", {}, el("h3", {}, t("invite_links")), el("ul", { class: "rows" },
    current.map((link) => el("li", { class: "request" }, el("i", { class: "round" }, icon("link")),
      el("span", { class: "text" }, linkName(link), el("small", {}, linkLine(link))),
      el("button", { class: "icon", "aria-label": t("copy_link", { name: linkName(link) }), onclick: () => attempt(copy(link)) }, icon("copy")),
      el("button", { class: "icon", "aria-label": t("revoke_link", { name: linkName(link) }), onclick: () => ask(t("revoke_this", { name: linkName(link) }), t("revoke"), () => attempt(change("revoke_link", { link: link.invite_link })), true) }, icon("close")))),
    el("li", {}, el("button", { onclick: newLink }, el("i", { class: "round" }, icon("add")), el("span", { class: "text" }, t("new_link"))))));
}

function newLink() {
  const name = el("input", { type: "text", maxlength: "32", placeholder: t("link_name"), "aria-label": t("link_name") });
  const approval = el("input", { type: "checkbox" });
  const limit = el("input", { type: "number", min: "0", max: "99999", placeholder: "0", inputmode: "numeric" });
  approval.addEventListener("change", () => { limit.disabled = approval.checked; });
  const form = el("form", { class: "form", method: "dialog" }, name, el("label", { class: "check" }, approval, el("span", {}, t("needs_approval"))),
    el("label", { class: "field" }, el("span", {}, t("member_limit")), limit), el("p", { class: "row end" }, el("button", { type: "submit", class: "primary" }, t("create"))));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(change("create_link", { name: name.value.trim(), creates_join_request: approval.checked, member_limit: approval.checked ? 0 : Number(limit.value) || 0 }).then(() => sheet.close()));
  });
  const sheet = openSheet(t("new_link"), form, { className: "short" });
}

export function openGroup() {
  const c = chat();
  if (c.type === "private") { openBot(); return; }
  const find = el("input", { type: "search", class: "search", placeholder: t("find"), "aria-label": t("find") });
  const body = el("div", {});
  const list = el("ul", { class: "rows" });
  const heading = el("h3", {});
  let sheet = null;
  const draw = () => {
    const current = store.chats.get(c.id);
    if (!current) return;
    const admin = isAdmin(current, store.me);
    const bots = admin && !isPresent(current, store.botId) ? el("button", { class: "wide", onclick: () => attempt(act("join", { chat_id: c.id, user_id: store.botId, added_by: store.me })) }, t("bot_add")) : null;
    body.replaceChildren(...[current.description ? el("p", { class: "soft" }, current.description) : null, admin ? requests(current) : null, admin ? links(current) : null, bots].filter(Boolean));
    heading.textContent = t("members", { n: current.members.filter((m) => isPresent(current, m.user_id)).length });
    list.replaceChildren(...memberRows(current, find.value.trim().toLowerCase(), () => sheet));
  };
  find.addEventListener("input", draw);
  draw();
  document.addEventListener("people", draw);
  sheet = openSheet(c.title, [body, el("section", {}, heading, find, list)], { className: "tall", onclose: () => document.removeEventListener("people", draw) });
}

function openBot() {
  const b = bot();
  openSheet(fullName(b), [el("p", { class: "soft" }, `@${b.username}`), el("p", {}, t("bot_note")), el("p", { class: "balance" }, t("balance", { n: (me().stars ?? 0).toLocaleString("en") }))], { className: "short" });
}

// How somebody comes in: by themselves, or by one of the links they were given.
export function joinSheet(c) {
  const usable = (c.invite_links ?? []).filter((link) => !link.is_revoked && !link.is_primary);
  const join = async (link) => {
    const done = await act("join", { chat_id: c.id, user_id: store.me, ...(link && { link }) });
    if (!done?.requested) return;
    toast(t("request_sent"));
    await loadPeople();
    renderFoot();
  };
  if (!usable.length) { attempt(join("")); return; }
  const row = (label, small, link) => el("li", {}, el("button", { onclick: () => { sheet.close(); attempt(join(link)); } }, el("i", { class: "round" }, icon(link ? "link" : "people")), el("span", { class: "text" }, label, el("small", {}, small))));
  const sheet = openSheet(t("how_join", { name: chatName(c) }), el("ul", { class: "rows" }, row(t("join_directly"), t("join_directly_note"), ""),
    usable.map((link) => row(linkName(link), [t(link.creates_join_request ? "ask_to_join" : "join_by_link"), link.member_limit ? t("limit_n", { n: link.member_limit }) : ""].filter(Boolean).join(" · "), link.invite_link))), { className: "short" });
}


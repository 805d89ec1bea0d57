// Pictures, films, sounds and files, alone or as an album.
import { $, el, icon } from "./elements.js";
import { duration } from "./moment.js";
import { fileUrl } from "./store.js";
import { t } from "./words.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");

function box(width, height) {
  const scale = Math.min((width > height ? 460 : 320) / width, 380 / height, 1.8);
  return [Math.max(140, Math.round(width * scale)), Math.max(100, Math.round(height * scale))];
}

function sized(frame, width, height) {
  frame.dataset.width = width;
  frame.style.aspectRatio = `${width} / ${height}`;
  return frame;
}

export function view(url, caption) {
  const picture = $("viewer").querySelector("img");
  picture.src = url;
  picture.alt = caption ?? t("photo");
  $("viewer").showModal();
}

function photo(m) {
  const largest = m.photo.at(-1);
  const picture = el("img", { src: fileUrl(largest), alt: "", loading: "lazy", decoding: "async" });
  return el("button", { class: "tile", "aria-label": m.caption ? `${t("photo")}: ${m.caption}` : t("photo"),
    onclick: () => view(fileUrl(largest), m.caption) }, picture);
}

// The film itself is asked for only when it is started.
function film(m) {
  const poster = m.video.thumbnail && fileUrl(m.video.thumbnail);
  const tile = el("div", { class: "tile film" });
  const start = el("button", { class: "play", "aria-label": `${t("play")}: ${m.caption || t("video")}`, onclick: () => {
    const player = el("video", { src: fileUrl(m.video), poster, controls: true, playsinline: true, "aria-label": m.caption || t("video") });
    tile.replaceChildren(player);
    player.play().catch(() => {}); // a film the browser cannot play shows so itself
    player.focus();
  } }, el("i", {}, icon("play", true)));
  const still = poster ? el("img", { src: poster, alt: "", loading: "lazy", decoding: "async" })
    : el("video", { src: `${fileUrl(m.video)}#t=0.1`, preload: "metadata", muted: true, tabindex: "-1", "aria-hidden": "true", playsinline: true });
  tile.append(still, start, el("span", { class: "length" }, duration(m.video.duration)));
  return tile;
}

function animation(m) {
  const moving = el("video", { src: fileUrl(m.animation), loop: true, playsinline: true, autoplay: !calm.matches, controls: calm.matches, "aria-label": m.caption || t("animation") });
  moving.muted = true;
  moving.addEventListener("click", () => { if (moving.paused) moving.play(); else moving.pause(); });
  return el("div", { class: "tile" }, moving, el("span", { class: "length" }, "GIF"));
}

const isPicture = (m) => m.photo || (m.video && !m.animation);
const tileOf = (m) => (m.photo ? photo(m) : m.animation ? animation(m) : film(m));

function measures(m) {
  const media = m.photo?.at(-1) ?? m.animation ?? m.video;
  return box(media.width || 320, media.height || 240);
}

// Rows of one to three pictures, as messengers lay them out.
function album(messages) {
  const n = messages.length;
  const rows = n === 1 ? [1] : n === 2 ? [2] : n === 3 ? [1, 2] : n === 4 ? [2, 2] : n === 5 ? [2, 3] : n === 6 ? [3, 3] : n === 7 ? [2, 2, 3] : n === 8 ? [2, 3, 3] : n === 9 ? [3, 3, 3] : [2, 2, 3, 3];
  const left = [...messages];
  const lines = rows.map((count) => el("div", {}, left.splice(0, count).map((m) => { const tile = tileOf(m); tile.id = `part${m.message_id}`; return tile; })));
  return sized(el("div", { class: "media album" }, lines), 400, Math.round(rows.reduce((sum, count) => sum + 400 / (count === 1 ? 1.6 : count), 0)));
}

function bytes(size) {
  return size < 1e6 ? `${Math.max(1, Math.ceil((size || 0) / 1000))} kB` : `${(size / 1e6).toFixed(1)} MB`;
}

function file(m) {
  return el("a", { class: "file", href: fileUrl(m.document), download: m.document.file_name ?? "file" },
    el("i", {}, icon("file")), el("span", {}, m.document.file_name ?? t("document"), el("small", {}, bytes(m.document.file_size))));
}

let playing = null; // one sound at a time

function sound(media, title, seed) {
  const audio = new Audio();
  audio.preload = "none";
  const length = media.duration || 1;
  const passed = el("small", {}, duration(length));
  const seek = el("input", { type: "range", min: "0", max: String(length), step: "0.1", value: "0", "aria-label": `${title}, ${t("position")}` });
  const button = el("button", { class: "round", "aria-label": `${t("play")}: ${title}`, onclick: () => {
    if (!audio.src) audio.src = fileUrl(media);
    if (audio.paused) { playing?.pause(); playing = audio; audio.play().catch(() => show()); } else audio.pause();
  } }, icon("play", true));
  const show = () => {
    button.replaceChildren(icon(audio.paused ? "play" : "pause", audio.paused));
    seek.value = audio.currentTime;
    seek.style.setProperty("--at", `${(100 * audio.currentTime) / length}%`);
    passed.textContent = duration(audio.paused && !audio.currentTime ? length : audio.currentTime);
  };
  for (const name of ["play", "pause", "timeupdate", "ended"]) audio.addEventListener(name, show);
  seek.addEventListener("input", () => { if (!audio.src) audio.src = fileUrl(media); audio.currentTime = Number(seek.value); show(); });
  return el("div", { class: "sound" }, button, el("span", { class: "track" }, media.title || seed === null ? el("b", {}, title) : wave(seed), seek, passed));
}

// A likeness of a waveform: the same bars for the same file.
function wave(seed) {
  let state = [...seed].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) >>> 0, 7);
  const bars = Array.from({ length: 36 }, () => { state = (state * 1664525 + 1013904223) >>> 0; return 4 + ((state >>> 24) % 17); });
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 180 24");
  svg.setAttribute("class", "wave");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", bars.map((h, i) => `M${i * 5 + 2} ${12 - h / 2}v${h}`).join(""));
  svg.append(path);
  return svg;
}

function note(m) {
  const player = el("video", { src: `${fileUrl(m.video_note)}#t=0.1`, preload: "metadata", playsinline: true, "aria-label": t("video_note") });
  const frame = el("button", { class: "note", "aria-label": `${t("play")}: ${t("video_note")}`, onclick: () => {
    if (player.paused) player.play().catch(() => {}); else player.pause();
  } }, player, el("i", {}, icon("play", true)), el("span", { class: "length" }, duration(m.video_note.duration)));
  for (const name of ["play", "pause", "ended"]) player.addEventListener(name, () => frame.classList.toggle("playing", !player.paused));
  return frame;
}

function sticker(m) {
  const s = m.sticker;
  if (s.is_animated) return el("span", { class: "huge" }, s.emoji ?? "🙂");
  if (s.is_video) { const moving = el("video", { class: "sticker", src: fileUrl(s), loop: true, autoplay: !calm.matches, playsinline: true, "aria-label": `${t("sticker")} ${s.emoji ?? ""}` }); moving.muted = true; return moving; }
  return el("img", { class: "sticker", src: fileUrl(s), alt: `${t("sticker")} ${s.emoji ?? ""}`.trim(), height: 170 });
}

const SPOTS = [[], [5], [1, 9], [1, 5, 9], [1, 3, 7, 9], [1, 3, 5, 7, 9], [1, 3, 4, 6, 7, 9]];

function dice(m) {
  const { emoji, value } = m.dice;
  const said = `${emoji} ${value}`;
  if (emoji !== "🎲") return el("span", { class: "huge thrown", role: "img", "aria-label": said }, emoji, el("b", {}, String(value)));
  return el("span", { class: "die thrown", role: "img", "aria-label": said }, SPOTS[value].map((spot) => el("i", { class: `s${spot}` })));
}

const sourceOf = (m) => (m.photo?.at(-1) ?? m.animation ?? m.video ?? m.document ?? m.voice ?? m.audio ?? m.video_note ?? m.sticker)?.file_unique_id ?? "";

// What a message (or an album's messages) carries besides words; `data-source` tells whether it is the same.
export function mediaNode(messages) {
  const node = build(messages);
  if (node) node.dataset.source = messages.map(sourceOf).join();
  return node;
}

function build(messages) {
  const m = messages[0];
  if (messages.length > 1 && messages.every(isPicture)) return album(messages);
  if (messages.length > 1) return el("div", { class: "files" }, messages.map((part) => mediaNode([part])));
  if (isPicture(m) || m.animation) { const tile = tileOf(m); tile.classList.add("media"); return sized(tile, ...measures(m)); }
  if (m.document) return file(m);
  if (m.voice) return sound(m.voice, t("voice"), m.voice.file_unique_id);
  if (m.audio) return sound(m.audio, [m.audio.performer, m.audio.title].filter(Boolean).join(" – ") || m.audio.file_name || t("audio"), null);
  if (m.video_note) return note(m);
  if (m.sticker) return sticker(m);
  return m.dice ? dice(m) : null;
}

export const isBare = (m) => Boolean(m.sticker || m.dice || m.video_note);
export const isFramed = (m) => Boolean(m.photo || m.video || m.animation);

// Files before they go: a look at them, a caption, and what they go as.
import { attempt, el, icon, openSheet, toast } from "./elements.js";
import { takeDraft } from "./composer.js";
import { act, base64, here, upload } from "./store.js";
import { t } from "./words.js";

const TOO_LARGE = 20 * 1024 * 1024;
const kindOf = (file) => (file.type === "image/gif" ? "animation" : file.type.startsWith("image/") ? "photo" : file.type.startsWith("video/") ? "video" : file.type.startsWith("audio/") ? "audio" : "document");
const CHOICES = {
  photo: ["photo", "document", "sticker"], video: ["video", "animation", "video_note", "document"], audio: ["voice", "audio", "document"],
  animation: ["animation", "document"], document: ["document"],
};

function preview(file) {
  const kind = kindOf(file);
  if (!["photo", "animation", "video"].includes(kind)) return el("span", { class: "file" }, el("i", {}, icon(kind === "audio" ? "play" : "file", kind === "audio")), el("span", {}, file.name));
  const url = URL.createObjectURL(file);
  const free = () => URL.revokeObjectURL(url);
  return kind === "video" ? el("video", { src: url, muted: true, "aria-label": file.name, onloadeddata: free }) : el("img", { src: url, alt: file.name, onload: free });
}

async function sendAll(files, kind, given) {
  const params = Object.fromEntries(Object.entries(given).filter(([, value]) => value));
  const together = files.length > 1 && ["photo", "video", "document", "audio"].includes(kind);
  if (together) {
    for (let at = 0; at < files.length; at += 10) {
      const items = await Promise.all(files.slice(at, at + 10).map(async (file) => ({ name: file.name, mime_type: file.type, data: await base64(file), ...(kind === "document" && { as_document: true }) })));
      await act("send_album", here({ items, ...(at ? { ...params, caption: "" } : params) }));
    }
    return;
  }
  for (const [i, file] of files.entries()) {
    const more = kind === "document" ? { as_document: "true" } : kind === kindOf(file) && kind !== "audio" ? {} : { kind };
    await upload(file, here({ ...params, ...(i ? { caption: "" } : {}), ...more }));
  }
}

export function offerFiles(files) {
  if (!files.length) return;
  if (files.some((file) => file.size > TOO_LARGE)) toast(t("too_big"));
  const given = takeDraft();
  const kinds = new Set(files.map(kindOf));
  const mixed = kinds.size > 1;
  const pictures = [...kinds].every((k) => k === "photo" || k === "video");
  const choices = !mixed ? CHOICES[[...kinds][0]] : pictures ? ["photo", "document"] : ["document"];
  const kind = el("select", { "aria-label": t("send_as") }, choices.map((k) => el("option", { value: k }, mixed && k === "photo" ? t("album") : t(k))));
  const caption = el("textarea", { rows: "2", maxlength: "1024", placeholder: t("caption"), "aria-label": t("caption") });
  caption.value = given.caption;
  const form = el("form", { class: "form", method: "dialog" },
    el("div", { class: files.length > 1 ? "previews many" : "previews" }, files.slice(0, 10).map(preview)), caption,
    el("div", { class: "row between" }, choices.length > 1 ? el("label", { class: "inline" }, el("span", {}, t("send_as")), kind) : el("span"), el("button", { type: "submit", class: "primary" }, t("send"))));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sheet.close();
    attempt(sendAll(files, kind.value, { ...given, caption: caption.value.trim() }));
  });
  caption.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); } });
  const sheet = openSheet(files.length > 1 ? t("files_many", { n: files.length }) : files[0].name, form);
  caption.focus();
}

export async function offerSample() {
  const blob = await (await fetch("/sandbox/sample")).blob();
  offerFiles([new File([blob], "figures.csv", { type: "text/csv" })]);
}

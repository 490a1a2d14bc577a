// The page on which an article is written.

import { say } from "studio/studio";
import { NotAllowed, Server, SignedOut } from "studio/writing/asking";
import { Body } from "studio/writing/body";
import { Providers } from "studio/writing/embedding";
import { Terms, counts, showPicture } from "studio/writing/fields";
import { Keeping } from "studio/writing/kept";
import { isAddress } from "studio/writing/rich";

const told = JSON.parse(document.getElementById("told").textContent);
const form = document.getElementById("words");
const server = new Server(form, told.draft);
const TEXTS = ["title", "summary", "kind", "language"];
let keeping = null;

function changed() {
  keeping?.touched();
}

async function rendering(body, format, asSource) {
  const data = new FormData();
  data.set("body", body);
  data.set("body_format", format);
  if (asSource) data.set("source", "1");
  const answer = await server.post(told.rendering, data);
  if (answer.status !== 200) throw new Error(answer.told.error);
  return answer.told.html;
}

const body = new Body(form, {
  pictures: told.pictures, upload: told.upload, signs: told.signs, providers: new Providers(told.embeds), isAddress,
  rendered: (text, format) => rendering(text, format, false), formatted: (text) => rendering(text, "markdown", true),
}, changed);

const terms = Object.fromEntries([...form.querySelectorAll("[data-terms]")].map((box) => (
  [box.dataset.terms, new Terms(box, { url: told[box.dataset.terms], changed })]
)));
const choice = form.querySelector("[data-chooses]");

for (const input of form.querySelectorAll("[data-counts]")) counts(input, document.getElementById(input.dataset.told), Number(input.dataset.counts));

function lead() {
  const id = choice?.querySelector("[data-choice-id]").value;
  const image = choice?.querySelector("[data-choice-image]");
  return id ? { id: Number(id), thumb: image.getAttribute("src"), alt: image.alt } : null;
}

function words() {
  const texts = Object.fromEntries(TEXTS.map((name) => [name, form.elements[name].value]));
  const listed = Object.fromEntries(Object.entries(terms).map(([name, one]) => [name, one.value]));
  return { ...texts, body: body.value, body_format: form.elements.body_format.value, lead_image: lead(), ...listed };
}

function apply(kept) {
  for (const name of TEXTS) {
    form.elements[name].value = kept[name];
    form.elements[name].dispatchEvent(new Event("sized"));
  }
  for (const [name, one] of Object.entries(terms)) one.value = kept[name] ?? [];
  if (choice) showPicture(choice, kept.lead_image);
  body.show(kept.body, kept.body_format);
}

// --- Saving -------------------------------------------------------------------------------------------------------------

let isSaving = false;

async function save() {
  if (isSaving) return;
  isSaving = true;
  keeping.say("Saving…");
  clearTimeout(keeping.waiting);
  // A draft that is under way would outlive its article's saving, and be offered as unsaved words.
  if (keeping.isBusy) await keeping.sending?.catch(() => null);
  form.dispatchEvent(new CustomEvent("flush"));
  keeping.isDirty = false;
  keeping.isBusy = true;
  try {
    const { status, told: answer } = await server.post(form.action, new FormData(form));
    if (status === 409) {
      keeping.device.clear();
      location.assign(answer.merge);
    } else if (status === 422) showErrors(answer.errors);
    else saved(answer);
  } catch (error) {
    keeping.trouble(error);
    if (!(error instanceof SignedOut) && !(error instanceof NotAllowed)) say("It is not saved: the server cannot be reached. Your text is kept on this device.", "bad");
  } finally {
    isSaving = keeping.isBusy = false;
    if (keeping.isDirty) keeping.touched();
  }
}

function saved(answer) {
  for (const error of form.querySelectorAll(".errorlist")) error.remove();
  for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  for (const [name, one] of Object.entries(terms)) if (!keeping.isDirty) one.value = answer[name];
  const heading = document.querySelector("main h1");
  if (heading) heading.textContent = answer.title;
  const stage = document.querySelector("main .head .lead .chip");
  if (stage && answer.told.length) Object.assign(stage, { textContent: answer.stage, className: "chip" });
  for (const sentence of answer.told) say(sentence, "warning");
  keeping.ended(answer);
}

function showErrors(errors) {
  keeping.isDirty = true;
  keeping.toDevice();
  keeping.say("Not saved: look at what is marked.", "bad");
  for (const old of form.querySelectorAll(".errorlist")) old.remove();
  for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  let first = null;
  for (const [name, list] of Object.entries(errors)) {
    const field = form.querySelector(`[data-field="${name}"]`) ?? form.querySelector('[data-field="title"]');
    const shown = Object.assign(document.createElement("ul"), { className: "errorlist", id: `error-${name}` });
    shown.append(...list.map(({ message }) => Object.assign(document.createElement("li"), { textContent: message })));
    field.append(shown);
    const input = field.querySelector("input:not([type=hidden]), textarea, select");
    input?.setAttribute("aria-invalid", "true");
    first ??= input;
  }
  first?.focus();
}

form.addEventListener("submit", (event) => {
  form.dispatchEvent(new CustomEvent("flush"));
  if (event.submitter?.hasAttribute("formaction")) {
    // A preview opens beside this page, which goes on.
    if (event.submitter.dataset.keeps === undefined) {
      setTimeout(() => delete form.dataset.sent);
      return;
    }
    event.preventDefault();
    keeping.isDirty = true;
    keeping.keep();
    return;
  }
  event.preventDefault();
  save();
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "s") {
    event.preventDefault();
    save();
  }
});

// A title has no lines.
form.elements.title.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });

for (const name of TEXTS) form.elements[name].addEventListener("input", changed);
choice?.addEventListener("picture-chosen", changed);

keeping = new Keeping({ told, form, server, words, apply });
document.querySelector("[data-merge]").addEventListener("click", () => keeping.toMerge());
document.documentElement.dataset.writing = "ready";

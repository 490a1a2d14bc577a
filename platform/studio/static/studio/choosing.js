// Choosing a picture of the tenant, in a dialog.
//
// From a module:
//   import { choosePicture } from "./choosing.js";
//   const picture = await choosePicture({ url, upload });
//   url     the page `media-choose` of the tenant: {% url 'media-choose' tenant=request.tenant.slug %}
//   upload  the page `media-upload`; leave it out where nothing may be uploaded
//   gives   null where nothing was chosen, else
//           { id, src, thumb, alt, caption, width, height, decorative, page }
//           id: number. src: what a body names, "/media/<stem>-960.webp"; it is shown in the studio under
//           `<tenant>/media/file/<stem>-960.webp`, see `shownAt`. thumb: a small file, under the studio's own address.
//           width, height: pixels of the picture as it was uploaded. decorative: it needs no alt. page: its own page.
//
//   shownAt(src, url) maps "/media/x.webp" in a body to the studio's address of the file, for display only.
//
// From a form, without a line of JavaScript: load this module in the page and write
//   {% include "studio/pictures/choice.html" with name="lead_image" image=article.lead_image label="Lead picture" %}
// The hidden input of that name then holds the picture's number, or nothing. When it changes it fires `input` and
// `change`, which bubble, and `picture-chosen` with the picture (or null) as its `detail`.
//
// The style comes along by itself: choosing.css beside this file.

import { csrfToken, uploads } from "./uploading.js";

const STYLE = new URL("choosing.css", import.meta.url).href;

/** The studio's own address of a file that a body names; anything else stays as it is. */
export function shownAt(src, url) {
  const file = /^\/media\/([0-9a-f]{32}-[1-9][0-9]{0,4}\.(?:avif|webp|jpg|png))$/.exec(src);
  return file ? url.replace(/\/media\/.*$/, `/media/file/${file[1]}`) : src;
}

export function choosePicture({ url, upload = "" }) {
  return new Promise((chosen) => new Choosing(url, upload, chosen).open());
}

function element(tag, fields = {}, ...children) {
  const { dataset = {}, ...rest } = fields;
  const made = Object.assign(document.createElement(tag), rest);
  Object.assign(made.dataset, dataset);
  made.append(...children);
  return made;
}

function pictureOf(button) {
  const { picture, src, thumb, alt, caption, width, height, decorative, page, large } = button.dataset;
  return {
    id: Number(picture), src, thumb, alt, caption, width: Number(width), height: Number(height),
    decorative: decorative === "yes", page, large,
  };
}

class Choosing {
  constructor(url, upload, chosen) {
    this.url = url;
    this.chosen = chosen;
    this.picked = null;
    this.search = element("input", { type: "search", name: "q", autocomplete: "off", placeholder: "Name, alternative text, caption" });
    this.search.setAttribute("aria-label", "Search the pictures");
    this.results = element("div", { className: "choosing-results", tabIndex: -1 });
    this.results.setAttribute("aria-live", "polite");
    this.find = element("div", { className: "choosing-find" }, this.search);
    this.browse = element("div", { className: "choosing-browse" }, this.find, this.results);
    this.describe = element("form", { className: "choosing-describe", hidden: true, method: "dialog" });
    this.title = element("h2", { id: "choosing-title", textContent: "Choose a picture" });
    const close = element("button", { type: "button", className: "quiet small", textContent: "Cancel" });
    close.addEventListener("click", () => this.dialog.close());
    this.dialog = element("dialog", { className: "wide choosing" }, element("header", {}, this.title, close), this.browse, this.describe);
    this.dialog.setAttribute("aria-labelledby", "choosing-title");
    if (upload) this.addUploading(upload);
    this.listen();
  }

  open() {
    if (!document.querySelector("link[data-choosing]")) {
      document.head.append(element("link", { rel: "stylesheet", href: STYLE, dataset: { choosing: "" } }));
    }
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.search.focus();
    this.load();
  }

  listen() {
    let waiting = 0;
    this.search.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => this.load(), 250);
    });
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
      if (event.key === "ArrowDown" || event.key === "Enter") this.results.querySelector(".choosing-one")?.focus();
    });
    this.results.addEventListener("click", (event) => {
      const one = event.target.closest(".choosing-one");
      const more = event.target.closest("[data-more]");
      if (one) this.pick(pictureOf(one));
      else if (more) this.load(more.dataset.more);
    });
    this.results.addEventListener("keydown", (event) => this.walk(event));
    // Whatever closes it: the promise is kept, and what was behind has the focus again by the dialog's own rule.
    this.dialog.addEventListener("close", () => {
      this.asked?.abort();
      this.queue?.stop();
      this.dialog.remove();
      this.chosen(this.picked);
    });
  }

  /** Arrow keys go through the pictures as they lie on the screen. */
  walk(event) {
    const all = [...this.results.querySelectorAll(".choosing-one")];
    const here = all.indexOf(document.activeElement);
    if (here < 0) return;
    const columns = all.filter((one) => one.offsetTop === all[0].offsetTop).length || 1;
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -here, End: all.length - 1 - here };
    if (!(event.key in steps)) return;
    event.preventDefault();
    const there = here + steps[event.key];
    if (there < 0) this.search.focus();
    else all[Math.min(there, all.length - 1)].focus();
  }

  async load(after = "") {
    this.asked?.abort();
    this.asked = new AbortController();
    const wanted = new URL(this.url, location.href);
    if (this.search.value.trim()) wanted.searchParams.set("q", this.search.value.trim());
    if (after) wanted.searchParams.set("after", after);
    try {
      const answer = await fetch(wanted, { signal: this.asked.signal, headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      this.show(new DOMParser().parseFromString(await answer.text(), "text/html"), after);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.results.replaceChildren(element("p", { className: "notice bad", textContent: "The pictures could not be fetched. Is the connection there, and are you still signed in?" }));
    }
  }

  show(found, after) {
    const list = this.results.querySelector(".choosing-found");
    const more = this.results.querySelector(".choosing-more");
    if (!after || !list) {
      this.results.replaceChildren(...found.body.children);
      this.results.scrollTop = 0;
      return;
    }
    const first = found.querySelector(".choosing-one");
    list.append(...found.querySelectorAll(".choosing-found > li"));
    for (const empty of this.results.querySelectorAll("[data-choosing-empty]")) empty.remove();
    more?.remove();
    this.results.append(...[found.querySelector("[data-choosing-empty]"), found.querySelector(".choosing-more")].filter(Boolean));
    (first ?? this.results.querySelector("[data-more]") ?? this.results).focus();
  }

  pick(picture) {
    if (picture.alt || picture.decorative) this.finish(picture);
    else this.ask(picture);
  }

  finish(picture) {
    const { large, ...told } = picture;
    this.picked = told;
    // At once: `close` is told later, and a Save pressed before it would not hold the picture.
    this.chosen(told);
    this.dialog.close();
  }

  /** The picture has no words yet: the moment to ask for them is now, while somebody looks at it. */
  ask(picture) {
    const words = element("textarea", { name: "alt", rows: 3, maxLength: 500, id: "choosing-alt", required: true });
    const only = element("input", { type: "checkbox", name: "decorative" });
    only.addEventListener("change", () => { words.disabled = only.checked; words.required = !only.checked; });
    const said = element("p", { className: "error" });
    said.setAttribute("role", "alert");
    const use = element("button", { textContent: "Use this picture" });
    const later = element("button", { type: "button", className: "quiet", textContent: "Later" });
    const back = element("button", { type: "button", className: "quiet", textContent: "Back" });
    later.addEventListener("click", () => this.finish(picture));
    back.addEventListener("click", () => this.back());
    this.describe.replaceChildren(
      element("img", { src: picture.large || picture.thumb, alt: "" }),
      element("div", {},
        element("div", { className: "field" },
          element("label", { htmlFor: "choosing-alt", textContent: "What does it show?" }), words,
          element("p", { className: "hint", textContent: "For those who do not see it: what matters here, in a sentence. An article is published only when all of its pictures have this." })),
        element("label", { className: "check" }, only, " It only decorates: it says nothing that the text does not"),
        said, element("p", { className: "actions" }, back, later, use)),
    );
    this.describe.onsubmit = (event) => {
      event.preventDefault();
      this.keep(picture, words.value.trim(), only.checked, said);
    };
    this.browse.hidden = true;
    this.describe.hidden = false;
    this.title.textContent = "Alternative text";
    words.focus();
  }

  back() {
    this.describe.hidden = true;
    this.browse.hidden = false;
    this.title.textContent = "Choose a picture";
    this.search.focus();
  }

  async keep(picture, alt, decorative, said) {
    const data = new FormData();
    data.set("alt", decorative ? "" : alt);
    if (decorative) data.set("decorative", "on");
    try {
      const answer = await fetch(picture.page, {
        method: "POST", body: data, headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
      });
      const told = answer.redirected ? {} : await answer.json().catch(() => ({}));
      if (answer.ok && told.id) return this.finish({ ...picture, alt: told.alt, decorative: told.decorative });
      said.textContent = told.error ?? "It could not be saved. Are you still signed in?";
    } catch {
      said.textContent = "The connection is lost. Try again, or choose “Later”.";
    }
  }

  addUploading(upload) {
    const list = element("ul", { className: "uploads" });
    this.queue = uploads({
      url: upload, list,
      done: (picture) => {
        if (this.queue.count === 1) this.pick(picture);
        else this.load();
      },
    });
    const files = element("input", { type: "file", multiple: true, accept: "image/*", className: "hidden-words", id: "choosing-files", tabIndex: -1 });
    const button = element("button", { type: "button", className: "quiet", textContent: "Upload…" });
    button.addEventListener("click", () => files.click());
    files.addEventListener("change", () => { this.queue.add(files.files); files.value = ""; });
    files.setAttribute("aria-hidden", "true");
    this.find.append(button, files);
    this.find.after(list);
    this.queue.dropOn(this.dialog);
  }
}

// --- The control in a form ------------------------------------------------------------------------------------------

function hold(choice, picture) {
  const id = choice.querySelector("[data-choice-id]");
  const image = choice.querySelector("[data-choice-image]");
  id.value = picture?.id ?? "";
  image.hidden = !picture;
  if (picture) Object.assign(image, { src: picture.thumb, alt: picture.alt });
  else image.removeAttribute("src");
  choice.querySelector("[data-choice-none]").hidden = Boolean(picture);
  choice.querySelector("[data-choice-clear]").hidden = !picture;
  choice.querySelector("[data-choice-open]").textContent = picture ? "Change" : "Choose";
  for (const name of ["input", "change"]) id.dispatchEvent(new Event(name, { bubbles: true }));
  id.dispatchEvent(new CustomEvent("picture-chosen", { bubbles: true, detail: picture }));
}

async function control(event) {
  const choice = event.target.closest("[data-chooses]");
  if (!choice) return;
  if (event.target.closest("[data-choice-clear]")) {
    hold(choice, null);
    choice.querySelector("[data-choice-open]").focus();
  } else if (event.target.closest("[data-choice-open]")) {
    const picture = await choosePicture({ url: choice.dataset.chooses, upload: choice.dataset.upload });
    if (picture) hold(choice, picture);
  }
}

// Once a page, though the module may be loaded under two addresses: its own, and that of its digest.
if (!document.documentElement.dataset.choosing) {
  document.documentElement.dataset.choosing = "yes";
  document.addEventListener("click", control);
  if (document.querySelector("[data-chooses]")) document.head.append(element("link", { rel: "stylesheet", href: STYLE, dataset: { choosing: "" } }));
}

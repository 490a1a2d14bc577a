// Files on their way to the library: two at a time, each with its progress, its refusal in a sentence, and a way to stop.
//
//   const queue = uploads({ url, list, done, ended });
//   url    the page `media-upload`; list: a <ul class="uploads">
//   done   is told each picture that was stored (as `choosePicture` gives it, with `known` where it was there already)
//   ended  is told once nothing is on its way any more: how many were stored, how many refused
//   queue.add(files), queue.dropOn(element), queue.stop(), queue.count (of the last batch)

const AT_ONCE = 2;
const MOST_BYTES = 30 * 1024 * 1024;

/** The token that htmx is given for this page. */
export function csrfToken() {
  const given = document.querySelector("[hx-headers]")?.getAttribute("hx-headers");
  return given ? JSON.parse(given)["x-csrftoken"] : "";
}

function sized(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

class Upload {
  constructor(file, queue) {
    this.file = file;
    this.queue = queue;
    this.row = document.createElement("li");
    this.name = Object.assign(document.createElement("span"), { className: "name", textContent: file.name, title: file.name });
    this.button = Object.assign(document.createElement("button"), { type: "button", className: "quiet small", textContent: "Cancel" });
    this.bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
    this.bar.setAttribute("aria-label", `Upload of ${file.name}`);
    this.state = Object.assign(document.createElement("p"), { className: "state", textContent: `${sized(file.size)}, waiting` });
    this.row.append(this.name, this.button, this.bar, this.state);
    this.button.setAttribute("aria-label", `Cancel ${file.name}`);
    this.button.addEventListener("click", () => this.pressed());
  }

  start() {
    if (this.file.size > MOST_BYTES) {
      return this.end("refused", `${sized(this.file.size)}: a picture may have ${MOST_BYTES / 1024 / 1024} MB.`);
    }
    const data = new FormData();
    data.set("file", this.file, this.file.name);
    this.request = new XMLHttpRequest();
    this.request.open("POST", this.queue.url);
    this.request.setRequestHeader("Accept", "application/json");
    this.request.setRequestHeader("X-CSRFToken", csrfToken());
    this.request.upload.addEventListener("progress", (event) => this.progress(event));
    this.request.addEventListener("load", () => this.answered());
    this.request.addEventListener("error", () => this.end("refused", "The connection was lost. Try again."));
    this.request.addEventListener("abort", () => this.end("stopped", "Cancelled."));
    this.request.send(data);
  }

  progress(event) {
    if (!event.lengthComputable) return;
    this.bar.value = event.loaded / event.total;
    if (event.loaded < event.total) {
      this.state.textContent = `${sized(event.loaded)} of ${sized(event.total)}`;
    } else {
      this.bar.removeAttribute("value");
      this.state.textContent = "Being made ready: sizes and formats…";
    }
  }

  answered() {
    let told = null;
    try { told = JSON.parse(this.request.responseText); } catch { /* the sign-in, or a page in between */ }
    if (this.request.status < 300 && told?.id) {
      this.end("kept", told.known ? `Already in the library${told.name === this.file.name ? "" : ` as ${told.name}`}.` : "Stored.");
      this.queue.done?.(told);
    } else if (told?.error) {
      this.end("refused", told.error);
    } else {
      this.end("refused", this.request.status >= 400 ? `It was refused (${this.request.status}).` : "Your session has ended. Sign in again in another tab, then try again.");
    }
  }

  end(how, sentence) {
    this.how = how;
    this.row.className = how;
    this.state.textContent = sentence;
    this.bar.remove();
    const again = how !== "kept";
    this.button.textContent = again ? "Try again" : "Dismiss";
    this.button.setAttribute("aria-label", `${this.button.textContent}: ${this.file.name}`);
    this.queue.left(this);
  }

  pressed() {
    if (this.how === "kept") {
      this.row.remove();
    } else if (this.how) {
      const again = new Upload(this.file, this.queue);
      this.row.replaceWith(again.row);
      again.button.focus();
      this.queue.wait([again]);
    } else if (this.request) {
      this.request.abort();
    } else {
      this.queue.waiting = this.queue.waiting.filter((one) => one !== this);
      this.end("stopped", "Cancelled.");
    }
  }
}

class Queue {
  constructor({ url, list, done, ended }) {
    Object.assign(this, { url, list, done, ended, waiting: [], running: new Set(), count: 0, ends: [] });
  }

  add(files) {
    const some = [...files].map((file) => new Upload(file, this));
    if (!some.length) return;
    this.count = some.length;
    this.list.append(...some.map((one) => one.row));
    this.wait(some);
  }

  wait(some) {
    this.waiting.push(...some);
    this.next();
  }

  next() {
    while (this.waiting.length && this.running.size < AT_ONCE) {
      const one = this.waiting.shift();
      this.running.add(one);
      one.start();
    }
  }

  left(one) {
    this.running.delete(one);
    this.ends.push(one.how);
    if (this.waiting.length || this.running.size) return this.next();
    const ends = this.ends;
    this.ends = [];
    this.ended?.(ends.filter((how) => how === "kept").length, ends.filter((how) => how === "refused").length);
  }

  stop() {
    this.waiting = [];
    for (const one of this.running) one.request?.abort();
  }

  /** Files may be dropped there; everything else that is dragged passes. */
  dropOn(place) {
    const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    for (const name of ["dragenter", "dragover"]) {
      place.addEventListener(name, (event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        place.classList.add("dropping");
      });
    }
    place.addEventListener("dragleave", (event) => {
      if (!place.contains(event.relatedTarget)) place.classList.remove("dropping");
    });
    place.addEventListener("drop", (event) => {
      place.classList.remove("dropping");
      if (!hasFiles(event)) return;
      event.preventDefault();
      this.add(event.dataTransfer.files);
    });
  }
}

export function uploads(options) {
  return new Queue(options);
}

// A body as its source, Markdown or HTML, with what readers will see beside it.

const PAUSE = 700;

export class Source {
  /** `rendered(text, format)` gives the HTML that readers get, sanitised. */
  constructor(area, shown, { rendered, format, changed }) {
    Object.assign(this, { area, shown, rendered, format, waiting: 0, asked: 0 });
    area.addEventListener("input", () => {
      changed();
      this.soon();
    });
    this.render();
  }

  soon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.render(), PAUSE);
  }

  async render() {
    const asked = ++this.asked;
    try {
      const html = await this.rendered(this.area.value, this.format());
      if (asked !== this.asked) return;
      // Sanitised by the server, as it is for readers, with pictures from its own host.
      const parsed = new DOMParser().parseFromString(html, "text/html");
      this.shown.replaceChildren(...parsed.body.childNodes);
    } catch {
      if (asked === this.asked && !this.shown.hasChildNodes()) this.shown.textContent = "It cannot be shown without a connection.";
    }
  }
}

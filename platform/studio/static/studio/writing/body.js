// The text of the article: the rich editor where it can hold all of it, else the source with what readers will see.

import { countWords, minutes } from "studio/writing/fields";
import { lossIn, richEditor, written } from "studio/writing/rich";
import { Source } from "studio/writing/source";
import { Toolbar, editPicture } from "studio/writing/toolbar";

const PAUSE = 250;
const LOST = {
  dl: "a list of terms and what they mean", dt: "", dd: "", details: "a part that folds out", summary: "", caption: "the caption of a table",
  colgroup: "columns of a table", col: "", figure: "a figure of several parts", figcaption: "", section: "a section", a: "a place that links lead to",
};

export class Body {
  constructor(form, options, changed) {
    Object.assign(this, { form, options, changed, editor: null, waiting: 0, markdown: null });
    this.area = form.elements.body;
    this.format = form.elements.body_format;
    this.rich = form.querySelector("[data-rich]");
    this.sourced = form.querySelector("[data-sourced]");
    this.notice = form.querySelector("[data-notice]");
    this.counted = form.querySelector("[data-counted]");
    form.addEventListener("flush", () => this.flush());
    form.querySelector("[data-format]").addEventListener("click", () => this.turn());
    this.open();
  }

  get value() {
    this.flush();
    return this.area.value;
  }

  /** Show another text instead; nothing counts as typed. */
  show(text, format) {
    this.close();
    this.area.value = text;
    this.format.value = format;
    this.open();
  }

  open() {
    this.notice.hidden = true;
    if (this.format.value === "html") this.openRich();
    else this.openSource();
    this.count();
  }

  openRich({ anyway = false } = {}) {
    const options = { ...this.options, editPicture: () => editPicture(this.editor) };
    const html = this.area.value;
    this.rich.hidden = false;
    this.editor = richEditor(this.rich.querySelector("[data-page]"), html, options, {
      label: "body-label", describedBy: "body-help", changed: () => this.typed(), left: () => this.toolbar.focus(),
    });
    const loss = anyway ? null : lossIn(this.editor, html);
    if (loss) {
      this.close();
      this.openSource();
      this.tell(loss);
      return;
    }
    this.sourced.hidden = true;
    this.form.querySelector("[data-format]").hidden = true;
    this.toolbar = new Toolbar(this.rich.querySelector("[data-toolbar]"), this.editor, options);
    if (anyway) this.typed();
  }

  openSource() {
    this.rich.hidden = true;
    this.sourced.hidden = false;
    this.form.dataset.source = this.format.value;
    this.sourced.querySelector("[data-name]").textContent = this.format.value === "html" ? "HTML" : "Markdown";
    this.form.querySelector("[data-format]").hidden = this.format.value === "html";
    this.source ??= new Source(this.area, this.sourced.querySelector("[data-shown]"), {
      rendered: this.options.rendered, format: () => this.format.value,
      changed: () => { this.count(); this.changed(); },
    });
    this.source.render();
  }

  close() {
    this.flush();
    this.editor?.destroy();
    this.editor = null;
    this.rich.querySelector("[data-page]").replaceChildren();
    this.rich.querySelector("[data-toolbar]").replaceChildren();
  }

  typed() {
    this.isBehind = true;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => { this.flush(); this.count(); }, PAUSE);
    this.changed();
  }

  /** What was typed goes into the field that is sent; what was not touched stays there to the letter. */
  flush() {
    if (!this.editor || !this.isBehind) return;
    this.isBehind = false;
    this.area.value = written(this.editor);
  }

  count() {
    const text = this.editor ? this.editor.getText({ blockSeparator: "\n" }) : this.area.value.replace(/<[^>]*>|^[#>*|\-\s]+/gm, " ");
    const words = countWords(text);
    this.counted.textContent = `${words.toLocaleString("en")} ${words === 1 ? "word" : "words"}, ${minutes(words)} min to read`;
  }

  tell(loss) {
    const names = [...new Set(loss.map((name) => LOST[name] ?? `<${name}>`))].filter(Boolean);
    const sentence = `This text has what the editor would drop${names.length ? `: ${names.join(", ")}` : ""}. It is shown as HTML instead, so that nothing of it is lost.`;
    this.explain(sentence, "Edit it formatted all the same", () => {
      this.notice.hidden = true;
      this.openRich({ anyway: true });
    });
  }

  /** Markdown becomes formatted text: by the server's rules, and only on the screen until it is saved. */
  async turn() {
    const markdown = this.area.value;
    let html;
    try {
      html = await this.options.formatted(markdown);
    } catch (error) {
      this.explain(error.message || "Markdown is read by the server, which cannot be reached now.");
      return;
    }
    this.show(html, "html");
    this.changed();
    if (!this.notice.hidden) return;
    this.explain("The Markdown has become formatted text. It is kept so when you save.", "Back to Markdown", () => {
      this.isBehind = false;
      this.show(markdown, "markdown");
      this.changed();
    });
    this.editor?.commands.focus("start");
  }

  explain(sentence, label = "", act = null) {
    const words = document.createElement("span");
    words.textContent = `${sentence} `;
    this.notice.replaceChildren(words);
    if (act) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet small", textContent: label });
      button.addEventListener("click", act);
      this.notice.append(button);
    }
    this.notice.hidden = false;
  }
}

// Whether two pieces of HTML say the same to a reader: how the editor knows that it can hold a body without a loss.
//
// Compared is what the sanitiser lets through, as a list of tokens: blocks opened and closed, and text with the marks
// on it. How marks are nested, white space between blocks, and a paragraph that merely fills its item or cell do not
// count.

const SAME = { b: "strong", i: "em", strike: "s", del: "s", h1: "h2" };
const INLINE = new Set([
  "strong", "em", "s", "u", "ins", "sub", "sup", "abbr", "kbd", "samp", "var", "mark", "small", "cite", "q", "dfn", "time", "code", "a",
]);
// A block that says no more than that it is one.
const PLAIN = new Set(["p", "div"]);
const THROUGH = new Set(["tbody", "span", "font", "center", "article", "main", "header", "footer", "aside", "nav", "body"]);
const NEVER = new Set([
  "script", "style", "object", "embed", "svg", "math", "template", "noscript", "noembed", "noframes", "textarea", "select", "option",
  "title", "xmp", "audio", "video", "canvas", "meta", "link", "input", "button",
]);
const ATTRIBUTES = {
  a: ["href", "title", "aria-label"], img: ["src", "alt", "width", "height", "title"], abbr: ["title"], ol: ["start"],
  td: ["colspan", "rowspan"], th: ["colspan", "rowspan", "scope"], time: ["datetime"],
};
const CLASSES = /^(?:align-(?:left|center|right)|gallery|embed|footnotes|footnote-ref)$/;
const LANGUAGE = /^language-./;

function nameOf(element) {
  const tag = element.localName;
  return SAME[tag] ?? tag;
}

function attributesOf(element, tag) {
  const told = [];
  for (const name of ATTRIBUTES[tag] ?? []) {
    const value = element.getAttribute(name);
    const isDefault = value === "1" && ["start", "colspan", "rowspan"].includes(name);
    if (value !== null && !isDefault) told.push(`${name}=${value}`);
  }
  if (element.id && !element.closest("section.footnotes, sup.footnote-ref")) told.push(`id=${element.id}`);
  if (tag === "span" && element.className && element.closest("pre")) told.push(`.${element.className}`);
  const isCode = tag === "code" && element.parentElement?.localName === "pre";
  for (const name of element.classList) if (CLASSES.test(name) || (isCode && LANGUAGE.test(name))) told.push(`.${name}`);
  return told.join(" ");
}

class Shape {
  constructor() {
    this.tokens = [];
    this.notes = [];
  }

  mark(token) {
    this.tokens.push({ token });
  }

  text(words, marks) {
    const last = this.tokens.at(-1);
    if (last?.marks === marks) last.words += words;
    else this.tokens.push({ words, marks });
  }

  walk(node, marks = "", isCode = false) {
    for (const child of node.childNodes) {
      if (child.nodeType === 3) this.text(isCode ? child.data : child.data.replace(/[ \t\r\n\f]+/g, " "), marks);
      else if (child.nodeType === 1) this.element(child, marks, isCode);
    }
  }

  element(element, marks, isCode) {
    const tag = nameOf(element);
    const attributes = attributesOf(element, tag);
    if (NEVER.has(tag) || element.matches("a.footnote-backref")) return;
    if (element.matches("sup.footnote-ref")) this.mark(`note ${this.numberOf(element)}`);
    else if (tag === "br" || tag === "img" || tag === "hr") this.mark(`${tag} ${attributes}`);
    else if (INLINE.has(tag) && !(tag === "code" && isCode)) {
      this.walk(element, [...new Set([...marks.split("\u0001").filter(Boolean), `${tag} ${attributes}`])].sort().join("\u0001"), isCode);
    } else if (!attributes && (THROUGH.has(tag) || (tag === "thead" && !element.querySelector("td")))) this.walk(element, marks, isCode);
    else if (!attributes && PLAIN.has(tag)) {
      this.mark("¶");
      this.walk(element, marks, isCode);
      this.mark("¶");
    } else {
      this.mark(`<${tag} ${attributes}`);
      this.walk(element, marks, isCode || tag === "pre");
      this.mark(`>${tag}`);
    }
  }

  numberOf(mark) {
    const target = mark.querySelector("a")?.getAttribute("href") ?? "";
    if (!this.notes.includes(target)) this.notes.push(target);
    return this.notes.indexOf(target);
  }

  /** The tokens as strings; a paragraph's end counts between two texts alone. */
  get list() {
    const kept = [];
    let gap = "start";
    let inCode = 0;
    for (const { token, words, marks } of this.tokens) {
      if (token === "¶") {
        gap ||= "¶";
      } else if (token !== undefined) {
        if (token === "<pre ") inCode += 1;
        if (token === ">pre") {
          inCode -= 1;
          trimLine(kept);
        }
        if (!/^(?:img|note)/.test(token)) trimEnd(kept, inCode);
        if (gap === "¶" && token.startsWith("<") === false && !token.startsWith(">") && kept.length) kept.push("¶");
        kept.push(token);
        gap = /^(?:[<>]|hr|br)/.test(token) ? "start" : "";
      } else {
        const said = gap && !inCode ? words.trimStart() : words;
        if (!said) continue;
        if (gap === "¶" && kept.length) {
          trimEnd(kept, inCode);
          kept.push("¶");
        }
        kept.push(`“${said}” ${marks}`);
        gap = "";
      }
    }
    trimEnd(kept, 0);
    return kept;
  }
}

/** The last line of code ends with the block. */
function trimLine(kept) {
  const place = kept.length - (kept.at(-1)?.startsWith(">code") ? 2 : 1);
  kept[place] = kept[place]?.replace(/\n”/, "”");
}

function trimEnd(kept, inCode) {
  const last = kept.at(-1);
  if (inCode || !last?.startsWith("“")) return;
  const end = last.lastIndexOf("” ");
  const words = last.slice(1, end).trimEnd();
  if (words) kept[kept.length - 1] = `“${words}${last.slice(end)}`;
  else kept.pop();
}

export function shapeOf(html) {
  const shape = new Shape();
  shape.walk(new DOMParser().parseFromString(html, "text/html").body);
  return shape.list;
}

/** What of `before` is not in `after`, as the names of its elements; null where nothing differs. */
export function lossOf(before, after) {
  const [was, is] = [shapeOf(before), shapeOf(after)];
  if (was.length === is.length && was.every((token, place) => token === is[place])) return null;
  const left = new Map();
  for (const token of is) left.set(token, (left.get(token) ?? 0) + 1);
  const lost = new Set();
  for (const token of was) {
    const count = left.get(token) ?? 0;
    if (count) left.set(token, count - 1);
    else for (const name of namesIn(token)) lost.add(name);
  }
  return [...lost];
}

function namesIn(token) {
  if (token.startsWith("<") || /^(?:img|hr|br) /.test(token)) return [token.replace(/^</, "").split(" ")[0]];
  return token.startsWith("“") || token.startsWith("note") ? [] : [];
}

// What a line of text may be marked as beside bold, italic and the like: all that a body may hold, so that opening an
// article and saving it loses none of it. Only some have a button.

import { Mark } from "django-prose-editor/editor";

const ATTRIBUTES = { abbr: "title", time: "datetime" };
const TAGS = ["u", "ins", "sub", "sup", "abbr", "kbd", "samp", "var", "mark", "small", "cite", "q", "dfn", "time"];

function marked(tag) {
  const attribute = ATTRIBUTES[tag];
  return Mark.create({
    name: `${tag}Mark`,
    addAttributes() {
      return attribute ? { [attribute]: { default: null } } : {};
    },
    parseHTML() {
      return [{ tag }];
    },
    renderHTML({ HTMLAttributes }) {
      return [tag, HTMLAttributes, 0];
    },
  });
}

export const marks = TAGS.map(marked);

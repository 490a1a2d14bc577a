// What is scheduled is moved: by dragging, or with the keyboard (m, arrows, Enter; Escape leaves it where it is).

const calendar = () => document.getElementById("calendar");
const dayOf = (entry) => entry.closest(".day").dataset.day;
const shifted = (day, by) => {
  const date = new Date(`${day}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + by);
  return date.toISOString().slice(0, 10);
};
const told = (day) => new Date(`${day}T12:00:00Z`).toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
const aloud = (sentence) => { document.getElementById("aloud").textContent = sentence; };

// On a telephone the days stand below each other: a month that has today in it begins there.
const today = document.querySelector(".day.today:not(.other)");
if (today && matchMedia("(max-width: 52rem)").matches && !location.hash && !scrollY) today.scrollIntoView();

let dragged = null;
let moving = null; // { entry, day } while the keyboard moves one

function mark(day) {
  for (const cell of document.querySelectorAll(".day.target")) cell.classList.remove("target");
  if (day) document.querySelector(`.day[data-day="${day}"]`)?.classList.add("target");
}

function send(entry, day) {
  if (day === dayOf(entry)) return;
  const article = entry.querySelector(".what").getAttribute("href");
  htmx.ajax("POST", entry.dataset.moves, {
    source: calendar(), target: "#calendar", swap: "outerHTML", // the token is inherited from what stands around it
    values: { day, zone: calendar().dataset.zone, seen: entry.dataset.seen, in_calendar: "yes" },
  }).then(() => {
    if (!calendar()) return;
    aloud(calendar().querySelector(".notice")?.textContent.trim() ?? "");
    (calendar().querySelector(`.day[data-day="${day}"] .what[href="${CSS.escape(article)}"]`)
      ?? calendar().querySelector(".notice button, h1 a, .tabs a"))?.focus();
  });
}

document.addEventListener("dragstart", (event) => {
  const entry = event.target.closest?.(".entry[data-moves]");
  if (!entry) return;
  dragged = entry;
  entry.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", entry.dataset.title);
});
document.addEventListener("dragover", (event) => {
  const cell = dragged && event.target.closest?.(".day[data-day]");
  if (!cell) return;
  event.preventDefault();
  mark(cell.dataset.day);
});
document.addEventListener("drop", (event) => {
  const cell = dragged && event.target.closest?.(".day[data-day]");
  if (!cell) return;
  event.preventDefault();
  send(dragged, cell.dataset.day);
});
document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  mark(null);
});

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

function leave() {
  moving.entry.classList.remove("moving");
  moving = null;
  mark(null);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (moving) {
    if (event.key in STEPS) {
      const step = calendar().dataset.view === "month" ? STEPS[event.key] : Math.sign(STEPS[event.key]);
      moving.day = shifted(moving.day, step);
      mark(moving.day);
      aloud(told(moving.day));
    } else if (event.key === "Enter") {
      const { entry, day } = moving;
      leave();
      send(entry, day);
    } else if (event.key === "Escape" || event.key === "Tab") {
      leave();
      aloud("It stays where it is.");
      if (event.key === "Tab") return;
    } else return;
    event.preventDefault();
    return;
  }
  const entry = event.key === "m" && event.target.closest?.(".entry[data-moves]");
  if (!entry) return;
  event.preventDefault();
  moving = { entry, day: dayOf(entry) };
  entry.classList.add("moving");
  mark(moving.day);
  aloud(`Moving “${entry.dataset.title}”. Arrow keys choose the day, Enter moves it there, Escape leaves it.`);
});

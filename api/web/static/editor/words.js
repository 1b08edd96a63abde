/** What the page says of documents. */
import { country, date } from "../words.js";

export const STATES = {
  live: { word: "Live", icon: "check", chip: "Live" },
  stale: { word: "Older version answers", icon: "warning", chip: "Older version" },
  unreadable: { word: "Not read", icon: "warning", chip: "Not read" },
  indexing: { word: "Being read", icon: "clock", chip: "Being read" },
  waiting: { word: "Waiting to be read", icon: "clock", chip: "Waiting" },
  removed: { word: "Removed", icon: "bin", chip: "Removed" },
};

/** How a document's state is said; one whose every passage is held back answers nothing, though it is live. */
export const stateWords = ({ state, chunks, suspicious }) => (state === "live" && chunks > 0 && suspicious === chunks
  ? { word: "Held back, answers nothing", icon: "warning" }
  : STATES[state]);

const shortDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const short = (iso) => {
  const [year, month, day] = iso.slice(0, 10).split("-").map(Number);
  return shortDay.format(new Date(year, month - 1, day)).replaceAll(" ", "\u00a0"); // a date breaks over no line
};

export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** "Arabic" for "ar". */
export function language(code) {
  try {
    return code && new Intl.DisplayNames(["en"], { type: "language" }).of(code);
  } catch {
    return code;
  }
}

export const place = (code) => (code ? country(code) : "");

/** "1 Jan 2026 – 3 Mar 2027", "since …", "until …" or nothing. */
export function inForce({ effective_from: from, effective_to: to }) {
  if (from && to) return `${short(from)} – ${short(to)}`;
  if (from) return `since ${short(from)}`;
  return to ? `until ${short(to)}` : "";
}

/** "14:05" for today, "Yesterday", or the day. */
export function changed(iso) {
  if (!iso) return "";
  const then = new Date(iso);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(then).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0) return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(then);
  return days === 1 ? "Yesterday" : shortDay.format(then);
}

/** When a person should look at it next. */
export function nextCheck({ due, review_by: by }) {
  if (due === "overdue") return `overdue since ${short(by)}`;
  if (due === "never_reviewed") return "never checked";
  if (due === "due_soon") return `by ${short(by)}`;
  return by ? `by ${short(by)}` : "";
}

export const reviewWords = ({ reviewed_on: on }) => (on ? date(on) : "never");

export const heldBack = (count) => (count === 1 ? "1 passage is held back" : `${count} passages are held back`);

/** The list in one sentence. */
export function summary(counts) {
  const there = counts.live + counts.stale + counts.unreadable + counts.indexing + counts.waiting;
  if (!there) return "There is no document yet. Add the first one here.";
  const serving = counts.live + counts.stale;
  const said = [`${plural(there, "file")}; ${serving === there ? "all answer" : `${plural(serving, "answers", "answer")}`} questions.`];
  if (counts.unreadable) said.push(`${plural(counts.unreadable, "file")} could not be read.`);
  if (counts.indexing + counts.waiting) said.push(`${counts.indexing + counts.waiting} on the way.`);
  return said.join(" ");
}

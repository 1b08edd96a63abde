/** What the page says: texts, dates, places and addresses. */
import { byId } from "./dom.js";

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });

/** "3 October 2026" for "2026-10-03"; read as a calendar day, so that no time zone moves it. */
export function date(iso) {
  const [year, month, dayOfMonth] = iso.slice(0, 10).split("-").map(Number);
  return day.format(new Date(year, month - 1, dayOfMonth));
}

/** "Today", "Yesterday" or the day of a moment. */
export function when(iso) {
  const then = new Date(iso);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(then).setHours(0, 0, 0, 0)) / 86_400_000);
  return ["Today", "Yesterday"][days] ?? day.format(then);
}

export function country(code) {
  if (code === "ZZ") return "Any country";
  const known = [...byId("country").options].find((option) => option.value === code);
  if (known) return known.textContent;
  try {
    return new Intl.DisplayNames(["en"], { type: "region" }).of(code);
  } catch {
    return code;
  }
}

export function looking() {
  const count = Number(byId("intro").dataset.documents);
  return count > 1 ? `Looking through ${count} documents…` : "Looking through the documents…";
}

export const reviewed = (iso) => (iso ? `Checked on ${date(iso)}` : "Not yet checked against the official page");

/** From when until when a rule holds, or null where its document does not say. */
export function validity({ effective_from: from, effective_to: to }) {
  if (from && to) return `In force from ${date(from)} to ${date(to)}`;
  if (from) return `In force since ${date(from)}`;
  return to ? `In force until ${date(to)}` : null;
}

export const writer = {
  extractive: "Put together from the documents’ own sentences.",
  generative: "Written by a language model; each sentence was checked against its source.",
  approved: "An answer that a person has approved.",
};

export const feedbackReasons = {
  wrong: "It is wrong",
  outdated: "It is out of date",
  incomplete: "Something is missing",
  not_my_question: "It answers another question",
  unclear: "I do not understand it",
  other: "Something else",
};

const KEPT = "The reply will appear here; you can leave this page and come back.";

/** What a person is told of a request, by its status. */
export const requestStatus = {
  waiting: { title: "Kept, waiting for a person", text: `Your request is kept and waits for staff. ${KEPT}` },
  handed_over: { title: "Handed over, waiting for a person", text: `Your request has reached staff. ${KEPT}` },
  answered: { title: "A person has answered", text: "This is what they wrote. It was not checked against the documents." },
  failed: { title: "Kept, but not passed on yet", text: `Your request is kept, but no message about it could be sent. Staff can see it in their inbox. ${KEPT}` },
  closed: { title: "Closed", text: "This request is closed. You can ask again at any time." },
};

/** The address of a document at the quoted place. */
export function documentHref({ document_id: id, version, start, end }) {
  const place = new URLSearchParams({ version, start, end });
  return `/app/documents/${id.split("/").map(encodeURIComponent).join("/")}?${place}#quote`;
}

/** `url` if it leads to the web, otherwise null: a document must not smuggle in a script address. */
export const webAddress = (url) => (/^https?:\/\//i.test(url ?? "") ? url : null);

export const host = (url) => new URL(url).hostname.replace(/^www\./, "");

/** What the page says, in the language it came in: texts, dates, places and addresses. */
import { Lost, Problem } from "./api.js";
import { byId } from "./dom.js";

// A page of an older release, which a tab kept, has no words: it is told by their names.
const { language, words } = JSON.parse(byId("words")?.textContent ?? '{"language":"en","words":{}}');
const place = language === "en" ? "en-GB" : language;
const gregorian = { calendar: "gregory", numberingSystem: "latn" }; // the days of the documents, as they write them
const day = new Intl.DateTimeFormat(place, { day: "numeric", month: "long", year: "numeric", ...gregorian });
const clock = new Intl.DateTimeFormat(place, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...gregorian });

export { language };

/** The words of `key` with `values` in their places. */
export const t = (key, values = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** "3 October 2026" for "2026-10-03"; read as a calendar day, so that no time zone moves it. */
export function date(iso) {
  const [year, month, dayOfMonth] = iso.slice(0, 10).split("-").map(Number);
  return day.format(new Date(year, month - 1, dayOfMonth));
}

/** "Today", "Yesterday" or the day of a moment. */
export function when(iso) {
  const then = new Date(iso);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(then).setHours(0, 0, 0, 0)) / 86_400_000);
  return [t("today"), t("yesterday")][days] ?? day.format(then);
}

/** `when` and the time of day. */
export const stamp = (iso) => `${when(iso)} · ${clock.format(new Date(iso))}`;

export function country(code) {
  if (code === "ZZ") return t("any_country");
  const known = [...(byId("country")?.options ?? [])].find((option) => option.value === code);
  if (known) return known.textContent;
  try {
    return new Intl.DisplayNames([place], { type: "region" }).of(code);
  } catch {
    return code;
  }
}

export function looking() {
  const count = Number(byId("intro").dataset.documents);
  return count > 1 ? t("looking", { documents: count }) : t("looking_uncounted");
}

export const reviewed = (iso) => (iso ? t("checked_on", { date: date(iso) }) : t("not_checked"));

/** From when until when a rule holds, or null where its document does not say. */
export function validity({ effective_from: from, effective_to: to }) {
  if (from && to) return t("force_between", { from: date(from), to: date(to) });
  if (from) return t("force_since", { from: date(from) });
  return to ? t("force_until", { to: date(to) }) : null;
}

/** Who put an answer together, by its mode. */
export const writer = (mode) => t(`by_${mode}`);

/** What can be wrong with a reply, by the code that is sent. */
export const feedbackReasons = Object.fromEntries(
  ["wrong", "outdated", "incomplete", "not_my_question", "unclear", "other"].map((code) => [code, t(`reason_${code}`)]));

/** What a person is told of a request, by its status. */
export function requestStatus(status) {
  const isOpen = ["waiting", "handed_over", "failed"].includes(status);
  const text = t(`${status}_why`);
  return { title: t(status), text: isOpen ? `${text} ${t("reply_will_appear")}` : text, isOpen };
}

/** The address of a document at the quoted place. */
export function documentHref({ document_id: id, version, start, end }) {
  const place = new URLSearchParams({ version, start, end });
  return `/app/documents/${id.split("/").map(encodeURIComponent).join("/")}?${place}#quote`;
}

/** `url` if it leads to the web, otherwise null: a document must not smuggle in a script address. */
export const webAddress = (url) => (/^https?:\/\//i.test(url ?? "") ? url : null);

export const host = (url) => new URL(url).hostname.replace(/^www\./, "");

/** What people are told of a refusal, by the last part of its problem's type. */
const REFUSED = {
  overloaded: "too_many", "too-many-requests": "too_many", starting: "starting", "payload-too-large": "unusable", "invalid-input": "unusable",
  unauthenticated: "sign_in_needed", forbidden: "sign_in_needed", "insufficient-scope": "sign_in_needed",
};

/** A text that ends as a sentence does; a date may have brought its point. */
export const ended = (text) => (/[.!?…]$/.test(text) ? text : `${text}.`);

/** What went wrong, as `title` and `detail`. What the server says of itself is in English: others read it in our words. */
export function said(error) {
  if (error instanceof Lost) return { title: t("connection_lost"), detail: t("not_reached") };
  const ours = error instanceof Problem && !error.status;
  if (ours || language === "en") return { title: error.title ?? t("page_broke"), detail: ended(error.message) };
  if (!(error instanceof Problem)) return { title: t("page_broke"), detail: t("could_not") };
  const key = REFUSED[error.type];
  return key ? { title: t(key), detail: t(`${key}_why`) } : { title: t("went_wrong"), detail: t("could_not") };
}

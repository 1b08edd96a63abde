/** The gaps: what was asked and not answered, grouped, with one step to a proposal or a document. */
import { announce, byId, copyText, el, icon } from "../dom.js";
import { get, post } from "../staff/call.js";
import { Desk } from "../staff/desk.js";
import { Keys } from "../staff/keys.js";
import { takeBack, toast } from "../staff/toast.js";
import { date, documentHref } from "../words.js";

const CHIPS = [["open", "Open"], ["closed", "Closed"], ["dismissed", "Dismissed"]];
const CAUSES = { abstained: "not answered", disliked: "did not help", handed_over: "given to a person" };
const WEEKS = 8;
const button = (look, label, onclick) => el("button", { type: "button", class: look, onclick }, label);
const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
let shown = new URLSearchParams(location.search).get("show") ?? "open";
let latest = 0; // of two lists on their way only the one asked for last is shown

const desk = new Desk({
  refresh: () => refresh(),
  forbidden: "This token may not read gaps. Make one with the scope training:propose.",
});

new Keys([["Z", "Undo", takeBack]]);

async function refresh() {
  const mine = ++latest;
  try {
    const { items } = await get(`/training/gaps?status=${encodeURIComponent(shown)}`);
    if (mine !== latest) return;
    desk.fetched();
    byId("summary").textContent = shown === "open"
      ? (items.length ? `${plural(items.length, "matter")} that people asked about and were not helped with.` : "Everything that was asked was answered.")
      : plural(items.length, "matter");
    byId("states").replaceChildren(...CHIPS.map(([id, words]) => el("button",
      { type: "button", class: "chip", "aria-pressed": String(id === shown), onclick: () => choose(id) }, words)));
    byId("gaps").replaceChildren(...items.map(card));
    byId("none").hidden = items.length > 0;
  } catch (error) {
    if (mine === latest) desk.failed(error);
  }
}

function choose(id) {
  shown = id;
  history.pushState(null, "", id === "open" ? location.pathname : `?show=${id}`);
  refresh();
}

function card(gap) {
  const causes = Object.entries(gap.causes).map(([cause, count]) => `${count} ${CAUSES[cause] ?? cause}`).join(", ");
  const more = el("div", {});
  const others = gap.examples.filter((text) => text !== gap.question);
  return el("li", { class: "entry", "data-id": gap.id },
    el("div", { class: "entry-head" },
      el("h2", { dir: "auto", lang: gap.language }, gap.question ?? "Hidden until more people have asked"), trend(gap.weeks)),
    el("p", { class: "soft" }, [plural(gap.questions, "question"), `${plural(gap.people, "person", "people")}`, gap.jurisdiction, causes, `last ${date(gap.last_asked_at)}`].filter(Boolean).join(" · ")),
    others.length ? el("details", {}, el("summary", {}, "Other wordings"), el("ul", {}, ...others.map((text) => el("li", { dir: "auto" }, text)))) : null,
    gap.question ? nearest(gap) : null,
    gap.example_id ? el("p", {}, el("a", { href: `/app/review?open=${gap.example_id}` }, "A proposal is waiting for review")) : null,
    gap.status === "open" && gap.question ? el("div", { class: "panel-actions" },
      button("button", "Propose an answer", () => propose(gap, more)),
      button("button", "Begin a document", () => begin(gap, more)),
      button("quiet", "Dismiss", () => dismiss(gap))) : null,
    gap.status === "dismissed" ? el("div", { class: "panel-actions" }, button("button", "Open it again", () => restore(gap))) : null,
    more);
}

/** The passage that comes closest, fetched when somebody wants to see it. */
function nearest({ id }) {
  const place = el("div", {}, el("p", { class: "soft" }, "Looking…"));
  const shown = el("details", { class: "nearest" }, el("summary", {}, "What the documents say nearest to it"), place);
  shown.addEventListener("toggle", async () => {
    try {
      const { nearest: found } = await get(`/training/gaps/${encodeURIComponent(id)}`);
      place.replaceChildren(found
        ? el("blockquote", { class: "quoted" }, el("p", { dir: "auto" }, found.quote),
          el("p", { class: "soft" }, el("a", { href: documentHref(found) }, found.title)))
        : el("p", { class: "soft" }, "No document comes near."));
    } catch (error) {
      place.replaceChildren(el("p", { class: "note" }, icon("warning"), el("span", {}, error.message)));
    }
  }, { once: true });
  return shown;
}

/** Questions a week as bars; what a screen reader hears is the same in words. */
function trend(weeks) {
  const counts = Object.entries(weeks).sort().slice(-WEEKS).map(([, count]) => count);
  if (!counts.length) return null;
  const most = Math.max(...counts);
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  const size = { width: WEEKS * 8, height: 24, role: "img", "aria-label": `Questions a week: ${counts.join(", ")}`, class: "trend" };
  for (const [name, value] of Object.entries(size)) picture.setAttribute(name, value);
  counts.forEach((count, at) => {
    const bar = document.createElementNS(space, "rect");
    const height = Math.max(2, Math.round((count / most) * 24));
    for (const [name, value] of Object.entries({ x: at * 8, y: 24 - height, width: 6, height, rx: 1 })) bar.setAttribute(name, value);
    picture.append(bar);
  });
  return picture;
}

function propose(gap, more) {
  const field = (name, label, value, rows) => {
    const box = el("textarea", { id: `${name}-${gap.id}`, rows, required: true, dir: "auto", maxlength: "20000" });
    box.value = value;
    return [el("label", { for: box.id }, label), box];
  };
  const form = el("form", { class: "reply-form" }, ...field("question", "Question", gap.question, "2"), ...field("answer", "Answer", "", "4"),
    el("p", { class: "soft" }, "Somebody else approves it before it is served."),
    el("div", { class: "panel-actions" }, el("button", { type: "submit", class: "button filled" }, "Propose"), button("quiet", "Cancel", () => more.replaceChildren())));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [question, answer] = [...form.querySelectorAll("textarea")].map((box) => box.value.trim());
    doing(async () => {
      await post(`/training/gaps/${gap.id}/proposal`, { question, answer });
      toast("Proposed. It waits for review.");
    });
  });
  more.replaceChildren(form);
  form.querySelector("textarea:last-of-type").focus();
}

async function begin(gap, more) {
  try {
    const { name, text } = await post(`/training/gaps/${gap.id}/document`);
    const copy = button("button", "Copy", async () => {
      await copyText(text);
      announce("Copied");
      copy.textContent = "Copied";
    });
    more.replaceChildren(el("p", { class: "soft" }, `Fill this in, save it as ${name} and add it on the documents page. Until then it answers nobody.`),
      el("pre", { class: "command", tabindex: "0" }, el("code", {}, text)), copy);
  } catch (error) {
    desk.complain(error.message);
  }
}

const dismiss = (gap) => doing(async () => {
  await post(`/training/gaps/${gap.id}/dismiss`);
  toast("Dismissed. Questions of this kind do not open it again.", () => restore(gap));
});

const restore = (gap) => doing(async () => {
  await post(`/training/gaps/${gap.id}/restore`);
  toast("The gap is open again.");
});

async function doing(work) {
  try {
    await work();
    await refresh();
  } catch (error) {
    desk.complain(error.message);
    announce(error.message);
  }
}

addEventListener("popstate", () => {
  shown = new URLSearchParams(location.search).get("show") ?? "open";
  refresh();
});
byId("none").append(icon("check"), " Nothing here.");
desk.start();

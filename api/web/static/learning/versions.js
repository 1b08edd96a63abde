/** The model versions: which one answers, how each came about, what its gate found; train, go back and forward. */
import { announce, byId, el, icon } from "../dom.js";
import { get, post } from "../staff/call.js";
import { Desk } from "../staff/desk.js";
import { Keys } from "../staff/keys.js";
import { takeBack, toast } from "../staff/toast.js";
import { date } from "../words.js";

const LOOK_AGAIN_MS = 2000;
const STATUSES = { PENDING: "waits", PROCESSING: "is being trained", DONE: "done", FAILED: "failed" };
const button = (look, label, onclick) => el("button", { type: "button", class: look, onclick }, label);
const plural = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;
let timer = null;
let questions = new Map(); // of examples, where whoever looks may read them

const desk = new Desk({
  refresh: () => refresh(),
  end: () => clearTimeout(timer),
  forbidden: "This token may not read versions. Make one with the scope training:start or training:approve.",
});

new Keys([["Z", "Undo", takeBack]]);

async function refresh() {
  try {
    const [models, runs, named] = await Promise.all([get("/models"), get("/training/runs"),
      get("/training/examples?limit=200&status=DONE&status=FAILED").catch(() => ({ items: [] }))]);
    questions = new Map(named.items.map(({ id, question }) => [id, question]));
    desk.fetched();
    show(models, runs.items);
  } catch (error) {
    desk.failed(error);
  }
}

function show({ items, activations }, runs) {
  const current = items.find((item) => item.is_current);
  const running = runs.find(({ status }) => status === "PENDING" || status === "PROCESSING");
  byId("summary").textContent = current
    ? `Version ${current.id} answers, with ${plural(current.examples.length, "approved answer")}.${running ? ` Run ${running.id} ${STATUSES[running.status]}.` : ""}`
    : "No version answers yet.";
  byId("train").disabled = Boolean(running);
  byId("versions").replaceChildren(...items.map((item) => version(item, current, activations)));
  byId("runs").replaceChildren(...runs.map(run));
  byId("no-runs").hidden = runs.length > 0;
  clearTimeout(timer);
  if (running) timer = setTimeout(refresh, LOOK_AGAIN_MS);
}

function version(item, current, activations) {
  const last = activations.find(({ version_id: id }) => id === item.id);
  const newer = current && item.ordinal > current.ordinal;
  return el("li", { class: item.is_current ? "entry current" : "entry", "data-id": item.id },
    el("div", { class: "entry-head" }, el("h3", {}, item.id, item.is_current ? el("span", { class: "flag" }, icon("check"), "Answers now") : null),
      item.status === "DONE" && !item.is_current
        ? button("button", newer ? "Go forward to it" : "Go back to it", () => activate(item.id, current?.id)) : null),
    el("p", { class: "soft" }, [`by ${item.created_by}`, item.promoted_at ? `promoted on ${date(item.promoted_at)}` : STATUSES[item.status],
      item.parent ? `after ${item.parent}` : null, last ? `last chosen by ${last.by}` : null].filter(Boolean).join(" · ")),
    el("p", {}, `${plural(item.examples.length, "approved answer")}${item.added.length ? `, ${item.added.length} new` : ""}.`),
    item.added.length ? el("details", {}, el("summary", {}, "New in it"), el("ul", {}, ...item.added.map((id) =>
      el("li", {}, el("a", { href: `/app/review?show=done&open=${id}` }, questions.get(id) ?? id))))) : null,
    found(item.report), item.reason ? el("p", { class: "note" }, icon("warning"), el("span", {}, item.reason)) : null);
}

/** What the gate found, in words. */
function found(report) {
  if (!report) return null;
  const [worse, better, aside, spared] = ["worse_after", "better", "set_aside", "worse"].map((name) => Object.entries(report[name] ?? {}));
  const asked = (name) => report.questions?.[name] ?? name;
  return el("div", {},
    el("p", { class: "soft" }, [report.cases === undefined ? null : `The gate asked ${plural(report.cases, "question")} of both versions`,
      report.seconds === undefined ? null : `in ${report.seconds} s`].filter(Boolean).join(" "),
      `: ${better.length} better, ${worse.length} worse. `, harm(report)),
    list("Better than before; wrong was", better, asked),
    list("Worse than before", worse, asked),
    list("Set aside", aside, (id) => el("a", { href: `/app/review?show=failed&open=${id}` }, questions.get(id) ?? id)),
    list("Would have been worse with what was set aside", spared, asked));
}

/** Harm is what wrong answers, gaps in them and needless refusals cost whoever asks: 0 none, 1 a wrong answer. */
function harm({ harm_before: before, harm_after: after }) {
  if (before === undefined || after === undefined) return null;
  const moved = after < before ? "less than before" : after > before ? "more than before" : "as before";
  return el("span", {}, `Harm for each question: ${after.toFixed(3)}, ${moved}${after === before ? "" : ` (${before.toFixed(3)})`}; a wrong answer counts 1.`);
}

function list(title, pairs, name) {
  if (!pairs.length) return null;
  return el("details", {}, el("summary", {}, `${title}: ${pairs.length}`), el("ul", {}, ...pairs.map(([id, why]) => el("li", {}, name(id), `: ${why}`))));
}

function run(one) {
  return el("li", { class: "entry" }, el("div", { class: "entry-head" }, el("h3", {}, `Run ${one.id}`), el("span", { class: "soft" }, STATUSES[one.status])),
    el("p", { class: "soft" }, `by ${one.created_by} on ${date(one.created_at)}${one.version_id ? ` · version ${one.version_id}` : ""}`),
    one.reason ? el("p", { class: "note" }, icon("warning"), el("span", {}, one.reason)) : null,
    one.status === "FAILED" ? found(one.report) : null);
}

const activate = (id, before) => doing(async () => {
  await post(`/models/${encodeURIComponent(id)}/activate`);
  toast(`Version ${id} answers everybody within five seconds.`, before ? () => activate(before, id) : null);
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

byId("train").addEventListener("click", () => doing(async () => {
  const { message, id } = await post("/training/runs");
  toast(message ?? `Run ${id} has begun.`);
}));
desk.start();

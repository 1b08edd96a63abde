/** The text as the assistant sees it: passage by passage, the held-back ones marked. */
import { announce, el, icon } from "../dom.js";
import { holdBackPassage, releasePassage } from "./api.js";

const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur", "ps", "dv", "ckb", "yi"]);

/** `changed()` follows a release. */
export function passageList(found, changed) {
  const language = found.language ?? "en";
  const direction = RIGHT_TO_LEFT.has(language.split("-")[0]) ? "rtl" : "auto";
  return el("ol", { class: "passages" }, ...found.passages.map((passage) => passageItem(passage, { language, direction, changed })));
}

function passageItem(passage, { language, direction, changed }) {
  const held = passage.suspicion && !passage.released_by;
  const where = [passage.page && `page ${passage.page}`, passage.section.join(" › ")].filter(Boolean).join(" · ");
  return el("li", { class: held ? "held" : null },
    el("p", { class: "passage-head" }, el("span", {}, `Passage ${passage.ordinal + 1}`), el("span", { dir: "auto" }, where)),
    passage.suspicion ? release(passage, changed) : null,
    el("p", { class: "passage-text", lang: language, dir: direction }, passage.text));
}

function release(passage, changed) {
  const held = !passage.released_by;
  const words = held
    ? `Held back from answers. ${passage.suspicion_detail}`
    : `Released by ${passage.released_by}; it may be used in answers.`;
  const label = held ? "Release" : "Hold back again";
  return el("div", { class: "release" }, icon(held ? "warning" : "check"), el("span", {}, words),
    el("button", { type: "button", class: "button", onclick: (event) => act(event.target, passage, changed) }, label));
}

async function act(button, passage, changed) {
  button.disabled = true;
  try {
    await (passage.released_by ? holdBackPassage : releasePassage)(passage.id);
    announce(passage.released_by ? "Held back again" : "Released");
    await changed();
  } catch (error) {
    button.disabled = false;
    button.previousElementSibling.textContent = error.message;
  }
}

/** What was just done, with the way back; it stays until the next thing is done or it is dismissed. */
import { announce, byId } from "../dom.js";

let undo = null;

export function toast(words, takeBack = null) {
  undo = takeBack;
  byId("toast-words").textContent = words;
  byId("undo").hidden = !takeBack;
  byId("toast").hidden = false;
  announce(takeBack ? `${words} Press Z to undo.` : words);
}

export function dismiss() {
  undo = null;
  byId("toast").hidden = true;
}

/** Takes the last thing back, once. */
export async function takeBack() {
  const last = undo;
  dismiss();
  if (last) await last();
}

byId("undo").addEventListener("click", takeBack);
byId("toast-close").addEventListener("click", dismiss);

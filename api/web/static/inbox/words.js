/** What the inbox says of requests. */
const moment = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

export const STATUSES = {
  waiting: { word: "Waiting", icon: "clock" },
  handed_over: { word: "Handed over", icon: "out" },
  failed: { word: "Not passed on", icon: "warning" },
  answered: { word: "Answered", icon: "check" },
  closed: { word: "Closed", icon: "close" },
};

/** The chips above the list: what each shows, by status. */
export const CHIPS = [
  ["open", "Open", ["waiting", "handed_over", "failed"]],
  ["waiting", "Waiting", ["waiting", "handed_over"]],
  ["failed", "Not passed on", ["failed"]],
  ["answered", "Answered", ["answered"]],
  ["closed", "Closed", ["closed"]],
  ["all", "All", []],
];

export const DELIVERIES = {
  standby: "not needed so far",
  queued: "about to be sent",
  retrying: "could not be sent yet; it is tried again",
  delivered: "delivered",
  dead: "could not be sent",
  not_set_up: "this channel is not set up",
  not_needed: "not needed",
};

/** "14:05" for today, else "27 Nov, 14:05". */
export function at(iso) {
  const then = new Date(iso);
  return (then.toDateString() === new Date().toDateString() ? clock : moment).format(then);
}

/** How long something has waited: "3 min", "5 h", "2 days". */
export function since(iso) {
  const minutes = Math.max(0, Math.round((Date.now() - new Date(iso)) / 60_000));
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h`;
  return `${Math.round(minutes / 1440)} days`;
}

export function summary(counts) {
  const open = counts.waiting + counts.handed_over + counts.failed;
  if (!open) return "Nobody is waiting.";
  const failed = counts.failed ? ` ${counts.failed} could not be passed on to a channel; answer here or send again.` : "";
  return `${open} ${open === 1 ? "person is" : "people are"} waiting for a reply.${failed}`;
}

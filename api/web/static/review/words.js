/** What the review queue says. */
export const STATUSES = {
  PROPOSED: "Proposed", PENDING: "Approved, not trained yet", PROCESSING: "In training", DONE: "Answering people",
  REJECTED: "Rejected", FAILED: "Set aside by training", REVOKED: "Withdrawn", SUSPENDED: "Suspended: a source changed",
};

export const CHIPS = [
  ["proposed", "To decide", ["PROPOSED"]],
  ["suspended", "Suspended", ["SUSPENDED"]],
  ["failed", "Set aside", ["FAILED"]],
  ["waiting", "Approved", ["PENDING", "PROCESSING"]],
  ["done", "Answering", ["DONE"]],
  ["ended", "Rejected and withdrawn", ["REJECTED", "REVOKED"]],
];

export const plural = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;

export const masked = (fields) => `Personal data was taken out of the ${fields.join(" and the ")}. Read whether it still makes sense.`;

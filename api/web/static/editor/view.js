/** Which part of the list is shown; it stands in the address, so that a view can be shared. */
export const PAGE = 100;
const NAMES = ["state", "jurisdiction", "q", "sort", "from", "open"];

/** `state` is a state, `due`, `suspicious` or empty for all. */
export function readView() {
  const given = new URLSearchParams(location.search);
  return Object.fromEntries(NAMES.map((name) => [name, given.get(name) ?? ""]));
}

/** Puts the view into the address; `step` makes Back come here again. */
export function writeView(view, { step = false } = {}) {
  const address = new URLSearchParams(NAMES.filter((name) => view[name]).map((name) => [name, view[name]]));
  const place = address.size ? `?${address}` : location.pathname;
  history[step ? "pushState" : "replaceState"](null, "", place);
}

/** What to ask the server for. */
export function listQuery(view) {
  const query = new URLSearchParams({ limit: PAGE, offset: Number(view.from) || 0 });
  for (const name of ["jurisdiction", "q", "sort"]) if (view[name]) query.set(name, view[name]);
  if (view.state === "due" || view.state === "suspicious") query.set(view.state, "true");
  else if (view.state) query.set("state", view.state);
  return query;
}

/** The token of staff: kept for this tab alone, and taken out of the address at once. */
const KEY = "editor-token";

export const token = () => sessionStorage.getItem(KEY);
export const signed = () => ({ Authorization: `Bearer ${token()}` });
export const keepToken = (given) => sessionStorage.setItem(KEY, given.trim());
export const forgetToken = () => sessionStorage.removeItem(KEY);

/** Takes the token of a link as `assistant documents page` prints it: behind the `#`, so that no server sees it.
 *  Tells whether there was one. */
export function takeTokenFromAddress() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!given) return false;
  keepToken(given);
  history.replaceState(null, "", location.pathname + location.search);
  return true;
}

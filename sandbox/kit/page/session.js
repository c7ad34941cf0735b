/**
 * Who the page works as. The choice is kept in this browser; each tab holds the user that it shows, so that nothing is ever sent as somebody else.
 * `?as=` in the address of a tab is a choice for that tab alone.
 */

const KEY = 'sandbox-user';
const FIRST_CHOICE = 'rep';

const ASKED = new URLSearchParams(location.search).get('as');

let alias = ASKED ?? localStorage.getItem(KEY) ?? FIRST_CHOICE;

/** The alias of the user whom this tab works as. */
export function currentAlias() {
  return alias;
}

export function chooseAlias(chosen) {
  alias = chosen;
  if (ASKED === null) localStorage.setItem(KEY, chosen);
}

/** Calls `follow` with the alias that another tab of this browser has chosen. */
export function whenChosenElsewhere(follow) {
  window.addEventListener('storage', (event) => {
    if (ASKED === null && event.key === KEY && event.newValue !== null && event.newValue !== alias) follow(event.newValue);
  });
}

/** The people of the org, whom the page can work as. */

import { query } from './call.js';
import { currentAlias } from '../../../kit/page/session.js';

const MOST_USERS = 200;
/** Asked in turn where the chosen user has no session any more. */
const FALLBACKS = ['rep', 'manager', 'integration'];
const SOQL = `SELECT Id, Name, Alias, Title, IsActive, ManagerId FROM User ORDER BY Name LIMIT ${MOST_USERS}`;

let users = [];

/** Reads the users anew. An inactive user sees nobody, so somebody else is asked then: the list must stay, to choose from. */
export async function loadUsers() {
  let refusal;
  for (const alias of new Set([currentAlias(), ...FALLBACKS])) {
    try {
      users = (await query(SOQL, { alias })).records;
      return users;
    } catch (error) {
      if (error.status !== 401) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

/** The user whom the page works as; null where the org has none of that alias. */
export function currentUser() {
  return users.find((user) => user.Alias === currentAlias()) ?? null;
}

/** True where somebody reports to the user. */
export function leadsOthers(user) {
  return users.some((each) => each.ManagerId === user.Id);
}

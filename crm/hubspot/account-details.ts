import { isObject, textOrNull } from '../answer-shape.ts';
import type { ApiClient } from './api-client.ts';
import type { Session } from './session.ts';

export interface AccountDetails {
  /** Empty where the answer does not say. */
  readonly portalId: string;
  /** An IANA name; null where the answer has none that is known here. */
  readonly timeZone: string | null;
}

/** Tells of the portal itself; every token may ask. */
export const ACCOUNT_DETAILS = { operation: 'account', isRepeatable: true, send: (client: ApiClient) => client.accountDetails() };

/** Reads the details, and has the session know the time zone. */
export function rememberAccount(session: Session, body: unknown): AccountDetails {
  const details = isObject(body) ? body : {};
  const id = details['portalId'];
  const name = textOrNull(details['timeZone']);
  const timeZone = name !== null && isTimeZone(name) ? name : null;
  if (timeZone !== null) session.learnTimeZone(timeZone);
  return { portalId: typeof id === 'number' || typeof id === 'string' ? String(id) : '', timeZone };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

import { problem, type Problem } from './problem.ts';

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** An id of ours out of an address, as the store writes it; null for anything that cannot be one, which is then simply not found. */
export function recordIdOf(text: string | undefined): string | null {
  return text !== undefined && UUID.test(text) ? text.toLowerCase() : null;
}

export function notFound(what: string, id: string | undefined): Problem {
  return problem('not-found', `There is no ${what} ${JSON.stringify((id ?? '').slice(0, 100))}.`);
}

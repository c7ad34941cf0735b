import { problem, type Problem } from './problem.ts';

const SAFE = /^[A-Za-z0-9._~-]{1,100}$/;

/**
 * The id of a command: the caller's idempotency key, so that a request sent twice is carried out once, or a new one.
 * The prefix keeps it apart from commands that come from a CRM.
 */
export function commandIdOf(
  idempotencyKey: string | undefined,
  newId: () => string,
): { readonly kind: 'id'; readonly commandId: string } | Problem {
  if (idempotencyKey === undefined) return { kind: 'id', commandId: `${PREFIX}${newId()}` };
  if (SAFE.test(idempotencyKey)) return { kind: 'id', commandId: `${PREFIX}${idempotencyKey}` };
  return problem('validation', 'The header Idempotency-Key is not valid.', [
    { path: ['Idempotency-Key'], message: 'expected 1–100 letters, digits or any of . _ ~ -' },
  ]);
}

const PREFIX = 'api:';

/** The key with which a request has to be sent again so that it is the same command. */
export function idempotencyKeyOf(commandId: string): string {
  return commandId.slice(PREFIX.length);
}

import { CrmFailure } from './failures.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The answer as an object. Anything else, such as the page of a proxy or half an answer, counts as no answer: the call may be repeated. */
export function asObject(value: unknown, what: string): JsonObject {
  if (isObject(value)) return value;
  throw new CrmFailure('CRM_UNAVAILABLE', `The answer to ${what} is not readable as JSON`);
}

export function asList(value: unknown, what: string): readonly JsonObject[] {
  if (Array.isArray(value) && value.every(isObject)) return value;
  throw new CrmFailure('CRM_UNAVAILABLE', `The answer to ${what} is not readable as a list`);
}

export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

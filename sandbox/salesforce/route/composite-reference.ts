/** `@{reference.path}` in the parts of a composite. Source: REST API Developer Guide, "Composite", "Reference IDs". */

import type { ApiError } from '../wire/api-error.ts';

const REFERENCE = /@\{([^}]*)\}/g;

export type Resolution<T> = { readonly kind: 'value'; readonly value: T } | { readonly kind: 'refused'; readonly error: ApiError };

/** A reference names a value that no earlier answer has: the part is not carried out. */
class UnknownReference extends Error {}

/** `input` with every reference replaced by what `answers` hold, in texts at any depth. A text that is nothing else becomes the value itself. */
export function resolveReferences(input: unknown, answers: ReadonlyMap<string, unknown>): Resolution<unknown> {
  return attempt(() => resolveDeep(input, answers));
}

/** The same in an address, where values are encoded. */
export function resolveAddress(url: string, answers: ReadonlyMap<string, unknown>): Resolution<string> {
  return attempt(() => url.replace(REFERENCE, (_all, path: string) => encodeURIComponent(asText(lookUp(path, answers)))));
}

function attempt<T>(work: () => T): Resolution<T> {
  try {
    return { kind: 'value', value: work() };
  } catch (error) {
    if (!(error instanceof UnknownReference)) throw error;
    return { kind: 'refused', error: { status: 400, errorCode: 'PROCESSING_HALTED', message: error.message } };
  }
}

function resolveDeep(input: unknown, answers: ReadonlyMap<string, unknown>): unknown {
  if (typeof input === 'string') {
    const whole = /^@\{([^}]*)\}$/.exec(input)?.[1];
    if (whole !== undefined) return lookUp(whole, answers);
    return input.replace(REFERENCE, (_all, path: string) => asText(lookUp(path, answers)));
  }
  if (Array.isArray(input)) return input.map((each: unknown) => resolveDeep(each, answers));
  if (input === null || typeof input !== 'object') return input;
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, resolveDeep(value, answers)]));
}

function lookUp(path: string, answers: ReadonlyMap<string, unknown>): unknown {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
  const [reference = '', ...rest] = steps;
  const found = rest.reduce(
    (value: unknown, step) =>
      value !== null && typeof value === 'object' && Object.hasOwn(value, step)
        ? (value as Readonly<Record<string, unknown>>)[step]
        : undefined,
    answers.get(reference),
  );
  if (found !== undefined && found !== null) return found;
  const rule = `must start with a letter or a number, and it can contain only letters, numbers and underscores ('_').`;
  throw new UnknownReference(
    `Invalid reference specified. No value for ${path} found in ${reference}. Provided referenceId ('${path}') ${rule}`,
  );
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

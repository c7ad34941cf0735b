import { REFUSALS, type Refusal } from '../program/failures.ts';
import { formatFieldPath, type FieldProblem } from './field-problem.ts';

/** An error as it is answered: https://www.rfc-editor.org/rfc/rfc9457. `type` is stable, so that callers can branch on it; `detail` is for people. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** One entry a field, all at once. */
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

export interface Problem {
  readonly kind: 'problem';
  readonly document: ProblemDocument;
  readonly headers: Readonly<Record<string, string>>;
}

const TITLES = {
  validation: [400, 'The request is not valid'],
  'malformed-json': [400, 'The body is not JSON'],
  unauthorized: [401, 'A valid token is needed'],
  'not-found': [404, 'Not found'],
  'method-not-allowed': [405, 'The method is not possible here'],
  'content-differs': [409, 'It exists with other content'],
  'command-id-in-use': [409, 'The idempotency key was used for another command'],
  'state-does-not-allow': [409, 'The state does not allow it'],
  'body-too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'The content type is not supported'],
  internal: [500, 'Something went wrong on our side'],
  unavailable: [503, 'Not available at the moment'],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof TITLES;

/** What every answer that is not a success consists of. `detail` says what is wrong and what would be possible. */
export function problem(
  code: ProblemCode,
  detail: string,
  fields: readonly FieldProblem[] = [],
  headers: Readonly<Record<string, string>> = {},
): Problem {
  const [status, title] = TITLES[code];
  const errors = fields.map(({ path, message }) => ({ field: formatFieldPath(path), message }));
  const document = { type: `urn:dealkeeper:problem:${code}`, title, status, detail };
  return { kind: 'problem', document: errors.length === 0 ? document : { ...document, errors }, headers };
}

/** All the fields that are wrong, each named. */
export function invalid(fields: readonly FieldProblem[]): Problem {
  const names = [...new Set(fields.map(({ path }) => formatFieldPath(path)))];
  return problem(
    'validation',
    `${names.length === 1 ? 'One field is' : `${names.length} fields are`} not valid: ${names.join(', ')}.`,
    fields,
  );
}

/** A refusal of the rules: its code is the problem's type, its words are the detail. */
export function refused(refusal: Refusal): Problem {
  const { status } = REFUSALS[refusal.code];
  const type = `urn:dealkeeper:problem:${refusal.code.toLowerCase()}`;
  return { kind: 'problem', document: { type, title: REFUSAL_TITLES[status], status, detail: refusal.message }, headers: {} };
}

const REFUSAL_TITLES: Readonly<Record<(typeof REFUSALS)[keyof typeof REFUSALS]['status'], string>> = {
  403: 'The actor may not do this',
  404: 'Not found',
  409: 'It is not possible as things stand',
  422: 'The command could not be carried out',
};

/** Bodies of requests: read as text, parsed as JSON, and refused in Salesforce's words. */

import type { FastifyInstance } from 'fastify';
import { pathOf } from '../../kit/fault-transport.ts';
import { unreadableJson, UNSUPPORTED_BODY } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { isRecordBody } from '../write/record-body.ts';
import type { RecordBody } from '../write/record-body.ts';
import { isDataPath } from './session-check.ts';

/** Carries a refusal through fastify's parser, which knows no other way out. */
export class UnreadableBody extends Error {
  readonly refusal: ApiError;

  constructor(refusal: ApiError) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** JSON where the content type says so, form fields by name where OAuth takes them, anything else as text. An empty body is null. */
export function installBodyParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (request, body, done) => {
    done(null, isDataPath(pathOf(request)) ? String(body) : Object.fromEntries(new URLSearchParams(String(body))));
  });
  app.addContentTypeParser(/^application\/json/, { parseAs: 'string' }, (_request, body, done) => {
    const text = String(body).trim();
    if (text === '') return done(null, null);
    try {
      done(null, JSON.parse(text));
    } catch (error) {
      done(new UnreadableBody(unreadableJson(parserWords(text, error))));
    }
  });
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body === '' ? null : body));
}

function parserWords(text: string, error: unknown): string {
  // V8 tells the position, or only the character, or neither.
  const token = /Unexpected token '(.)'/.exec(String(error))?.[1];
  const place0 = token === undefined ? text.length : text.indexOf(token);
  const position = Number(/position (\d+)/.exec(String(error))?.[1] ?? place0);
  const before = text.slice(0, position).split('\n');
  const place = `[line:${before.length}, column:${(before.at(-1)?.length ?? 0) + 1}]`;
  const found = text[position];
  if (found === undefined) return `Unexpected end-of-input at ${place}`;
  return `Unexpected character ('${found}' (code ${found.charCodeAt(0)})): expected a valid value at ${place}`;
}

export type RecordReading =
  { readonly kind: 'record'; readonly record: RecordBody } | { readonly kind: 'refused'; readonly error: ApiError };

/** `body` as one record. */
export function readRecordOf(body: unknown): RecordReading {
  if (isRecordBody(body)) return { kind: 'record', record: body };
  if (typeof body === 'string') return { kind: 'refused', error: UNSUPPORTED_BODY };
  const problem =
    body === null || body === undefined
      ? 'The HTTP entity body is required, but this request has no entity body.'
      : 'The JSON body is not an object at [line:1, column:1]';
  return { kind: 'refused', error: unreadableJson(problem) };
}

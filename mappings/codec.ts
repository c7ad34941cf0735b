import { Decimal } from 'decimal.js';
import { z } from 'zod';
import type { RemoteFieldDefinition, RemoteValue } from '../crm/port.ts';
import { countryCode } from './country.ts';

/** Our form of a value: a text, or null for an empty field. Two values are equal when their texts are. */
export type CanonicalValue = string | null;

const remoteValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const canonicalValue = z.union([z.string(), z.null()]);
export type ValueCodec = z.ZodCodec<typeof remoteValue, typeof canonicalValue>;

/** A codec with what the CRM's field must be like for it. */
export interface ValueShape {
  readonly codec: ValueCodec;
  /** The types of CRM fields that can hold it. */
  readonly types: readonly RemoteFieldDefinition['type'][];
  /** The most characters that are written; null where the form sets the length. */
  readonly length: number | null;
  /** Every value that may be written, where there are finitely many. */
  readonly values: readonly string[] | null;
}

/** Said of a value that is not of the expected form. */
class Misfit extends Error {}

interface Forms {
  /** Our form of a CRM value that is not null; null when it says nothing. Throws a `Misfit`. */
  readonly decode: (value: Exclude<RemoteValue, null>) => CanonicalValue;
  /** The CRM's form of ours; throws a `Misfit`. */
  readonly encode: (value: string) => RemoteValue;
}

/** Null is null on both sides, and a form that does not fit becomes an issue of the codec instead of an exception. */
function codecOf({ decode, encode }: Forms): ValueCodec {
  return z.codec(remoteValue, canonicalValue, {
    decode: (value, context) => attempt(value, decode, context),
    encode: (value, context) => attempt(value, encode, context),
  });
}

function attempt<In, Out>(value: In | null, convert: (value: In) => Out | null, context: { issues: unknown[] }): Out | null {
  if (value === null) return null;
  try {
    return convert(value);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    context.issues.push({ code: 'custom', input: value, message: error.message });
    return null;
  }
}

/**
 * A line of free text. It is trimmed, breaks become spaces, and what the CRM has no room for is cut with an ellipsis: the same cut is part
 * of our form, so that a long text of ours and its cut copy there compare as equal.
 */
export function line(length: number): ValueShape {
  const clean = (value: string): CanonicalValue =>
    emptyToNull(
      cut(
        printable(value)
          .replace(/\s*[\n\t]\s*/g, ' ')
          .trim(),
        length,
      ),
    );
  return { codec: codecOf({ decode: (value) => clean(asText(value)), encode: clean }), types: ['text', 'long_text'], length, values: null };
}

/** Free text of several lines; line breaks are single characters, otherwise as `line`. */
export function paragraphs(length: number): ValueShape {
  const clean = (value: string): CanonicalValue => emptyToNull(cut(printable(value).trim(), length));
  return { codec: codecOf({ decode: (value) => clean(asText(value)), encode: clean }), types: ['long_text', 'text'], length, values: null };
}

/** An identifier: never cut, since half of one names something else. */
export function identifier(length: number): ValueShape {
  const check = (value: string): CanonicalValue => {
    const trimmed = value.trim();
    if (trimmed.length > length) throw new Misfit(`has ${trimmed.length} characters; at most ${length}`);
    return emptyToNull(trimmed);
  };
  return { codec: codecOf({ decode: (value) => check(asText(value)), encode: check }), types: ['text'], length, values: null };
}

/** The CRM's id of another record. What it means on our side is for links to say. */
export function reference(): ValueShape {
  return { ...identifier(18), types: ['reference'], length: null };
}

/** One of a closed list; our value is the CRM's value. */
export function oneOf(values: readonly string[]): ValueShape {
  const check = (value: string): CanonicalValue => {
    const trimmed = value.trim();
    if (trimmed !== '' && !values.includes(trimmed)) throw new Misfit(`"${trimmed.slice(0, 60)}" is none of ${values.join(', ')}`);
    return emptyToNull(trimmed);
  };
  return { codec: codecOf({ decode: (value) => check(asText(value)), encode: check }), types: ['picklist', 'text'], length: null, values };
}

/**
 * One of a closed list of which each has another name in the CRM: `names` by our value. What the CRM holds beside them counts as `otherwise`; without that, it
 * does not fit.
 */
export function named<Ours extends string>(names: Readonly<Record<Ours, string>>, otherwise?: NoInfer<Ours>): ValueShape {
  const ours = new Map(Object.entries<string>(names).map(([value, name]) => [name, value]));
  return {
    codec: codecOf({
      decode: (value) => {
        const text = asText(value).trim();
        if (text === '') return null;
        const known = ours.get(text) ?? otherwise;
        if (known === undefined) throw new Misfit(`"${text.slice(0, 60)}" is none of ${[...ours.keys()].join(', ')}`);
        return known;
      },
      encode: (value) => {
        const name = (names as Readonly<Record<string, string>>)[value];
        if (name === undefined) throw new Misfit(`"${value.slice(0, 60)}" is none of ${[...ours.values()].join(', ')}`);
        return name;
      },
    }),
    types: ['picklist', 'text'],
    length: null,
    values: [...ours.keys()],
  };
}

/** One of a list that the program declares: whether a value is in it is asked where it is taken over. Our value is the CRM's value. */
export function choice(length: number): ValueShape {
  return { ...identifier(length), types: ['picklist', 'text'], length: null };
}

/** Several values in one text, joined by `;`; our form is sorted and without repetitions. People separate them by commas, too. */
export function valueSet(length: number): ValueShape {
  const sort = (value: string): CanonicalValue => {
    const values = new Set(
      value
        .toLowerCase()
        .split(/[;,]/)
        .map((each) => each.trim())
        .filter((each) => each !== ''),
    );
    const joined = [...values].toSorted().join(';');
    if (joined.length > length) throw new Misfit(`has ${joined.length} characters; at most ${length}`);
    return emptyToNull(joined);
  };
  return { codec: codecOf({ decode: (value) => sort(asText(value)), encode: sort }), types: ['text', 'long_text'], length, values: null };
}

/** Where a double still holds every amount of two places exactly: 15 digits. */
const AMOUNT_END = new Decimal('1e13');

/** An amount with two places, such as `25000.00`, rounded half up as Salesforce does; a number on the wire. */
export function amount(): ValueShape {
  const parse = (value: string | number): Decimal => {
    const text = String(value).trim();
    if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?$/i.test(text)) throw new Misfit(`"${text.slice(0, 60)}" is not an amount`);
    const rounded = new Decimal(text).toDecimalPlaces(2, Decimal.ROUND_HALF_UP);
    if (rounded.abs().greaterThanOrEqualTo(AMOUNT_END))
      throw new Misfit(`an amount of ${AMOUNT_END.toFixed()} or more cannot be carried exactly`);
    return rounded.isZero() ? new Decimal(0) : rounded;
  };
  return {
    codec: codecOf({
      decode: (value) => (value === '' ? null : parse(typeof value === 'boolean' ? String(value) : value).toFixed(2)),
      encode: (value) => parse(value).toNumber(),
    }),
    types: ['number'],
    length: null,
    values: null,
  };
}

/** A three-letter currency code, in capitals. */
export function currency(): ValueShape {
  const check = (value: string): CanonicalValue => {
    const code = value.trim().toUpperCase();
    if (code !== '' && !/^[A-Z]{3}$/.test(code)) throw new Misfit(`"${code.slice(0, 60)}" is not a currency code of three letters`);
    return emptyToNull(code);
  };
  return {
    codec: codecOf({ decode: (value) => check(asText(value)), encode: check }),
    types: ['text', 'picklist'],
    length: 3,
    values: null,
  };
}

/** A day without a time zone. It never becomes an instant on the way, so it cannot move. */
export function plainDate(): ValueShape {
  const check = (value: string): CanonicalValue => {
    const text = value.trim();
    if (text === '') return null;
    const instant = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
    // Date.parse lets 31 February through as 3 March.
    if (Number.isNaN(instant) || !new Date(instant).toISOString().startsWith(text))
      throw new Misfit(`"${text.slice(0, 60)}" is not a day such as 2027-01-31`);
    return text;
  };
  return { codec: codecOf({ decode: (value) => check(asText(value)), encode: check }), types: ['date'], length: null, values: null };
}

/** An instant in UTC, cut to the second: Salesforce keeps no more. */
export function instant(): ValueShape {
  const cutToSecond = (value: string): CanonicalValue => {
    const text = value.trim();
    if (text === '') return null;
    const parts = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})$/.exec(text);
    const zone = parts?.[2]?.replace(/([+-]\d{2})(\d{2})$/, '$1:$2');
    const milliseconds = Date.parse(`${parts?.[1]}${zone}`);
    if (parts === null || Number.isNaN(milliseconds))
      throw new Misfit(`"${text.slice(0, 60)}" is not an instant such as 2026-11-23T10:00:00.000Z`);
    return new Date(milliseconds).toISOString();
  };
  return {
    codec: codecOf({ decode: (value) => cutToSecond(asText(value)), encode: cutToSecond }),
    types: ['datetime'],
    length: null,
    values: null,
  };
}

/** A day that stands for the instant at which it begins in UTC; for evidence that comes in and is never written. */
export function startOfDay(): ValueShape {
  const day = plainDate();
  return {
    ...day,
    codec: codecOf({
      decode: (value) => {
        const decoded = z.safeDecode(day.codec, value);
        if (!decoded.success) throw new Misfit(decoded.error.issues[0]?.message ?? 'is not a day');
        return decoded.data === null ? null : `${decoded.data}T00:00:00.000Z`;
      },
      encode: (value) => value.slice(0, 10),
    }),
  };
}

/** `true` or `false`. */
export function flag(): ValueShape {
  const check = (value: string): string => {
    if (value !== 'true' && value !== 'false') throw new Misfit(`"${value.slice(0, 60)}" is neither true nor false`);
    return value;
  };
  return {
    codec: codecOf({ decode: (value) => check(String(value)), encode: (value) => check(value) === 'true' }),
    types: ['boolean'],
    length: null,
    values: null,
  };
}

/** The host of a web address, in lower case and without a leading `www.`; names with other letters are in their ASCII form. */
export function domain(length: number): ValueShape {
  const hostOf = (value: string): CanonicalValue => {
    const text = value.trim();
    if (text === '') return null;
    const host = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`)?.hostname.replace(/\.$/, '') ?? '';
    const bare = host.replace(/^(?:www\.)+(?=[^.]+\.)/, '');
    if (!/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/.test(bare) || bare.length > length)
      throw new Misfit(`"${text.slice(0, 60)}" is not a web address`);
    return bare;
  };
  return { codec: codecOf({ decode: (value) => hostOf(asText(value)), encode: hostOf }), types: ['text'], length, values: null };
}

/** A country as its ISO 3166-1 alpha-2 code; English names are understood and codes are written. */
export function country(): ValueShape {
  const check = (value: string): CanonicalValue => {
    if (value.trim() === '') return null;
    const code = countryCode(value);
    if (code === null) throw new Misfit(`"${value.trim().slice(0, 60)}" is not a country`);
    return code;
  };
  return {
    codec: codecOf({ decode: (value) => check(asText(value)), encode: check }),
    types: ['text', 'picklist'],
    length: 2,
    values: null,
  };
}

/** The name by which we know a user: what stands before the @ of the CRM's user name, in lower case. Never written. */
export function userAlias(): ValueShape {
  const localPart = (value: string): CanonicalValue => emptyToNull(value.trim().toLowerCase().replace(/@.*$/s, ''));
  return {
    codec: codecOf({ decode: (value) => localPart(asText(value)), encode: localPart }),
    types: ['text'],
    length: null,
    values: null,
  };
}

function asText(value: Exclude<RemoteValue, null>): string {
  return String(value);
}

function emptyToNull(value: string): CanonicalValue {
  return value === '' ? null : value;
}

/** Without what neither PostgreSQL nor a CRM keeps: control characters and halves of characters. */
function printable(value: string): string {
  return value
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g, '');
}

/** Salesforce counts UTF-16 units, as JavaScript does; a character of two units is never halved. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const kept = text.slice(0, length - 1);
  const whole = /[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept;
  return `${whole.trimEnd()}…`;
}

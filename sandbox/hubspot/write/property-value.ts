/** Takes the values of a write: what a property does not take is refused by name, the rest gets its stored form. */

import type { ObjectDefinition } from '../schema/object-type.ts';
import type { Pipeline } from '../schema/pipeline.ts';
import type { Property } from '../schema/property.ts';
import { OWNERS } from '../owner.ts';
import type { ValueProblem } from '../wire/api-error.ts';

/** As they come: HubSpot's own clients send text, others bare numbers and booleans too. */
export type GivenValues = Readonly<Record<string, string | number | boolean | null>>;

export type ValueReading =
  | { readonly ok: true; readonly values: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly problems: readonly ValueProblem[] };

/** HubSpot keeps at most this much of a text. Source: knowledge base, "Property field types". */
const MOST_CHARS = 65_536;
const DAY_MS = 24 * 60 * 60 * 1000;

/** An empty text clears a property and is its stored form then. */
export function readValues(definition: ObjectDefinition, pipelines: readonly Pipeline[], given: GivenValues): ValueReading {
  const problems: ValueProblem[] = [];
  const values: Record<string, string> = {};
  for (const [name, raw] of Object.entries(given)) {
    const property = definition.properties.get(name);
    if (property === undefined || property.archived) {
      problems.push({ name, code: 'PROPERTY_DOESNT_EXIST', message: `Property "${name}" does not exist` });
      continue;
    }
    if (property.readOnlyValue) {
      problems.push({ name, code: 'READ_ONLY_VALUE', message: `"${name}" is a read only property; its value cannot be set.` });
      continue;
    }
    const text = raw === null ? '' : String(raw).trim();
    const stored = text === '' ? '' : storedForm(property, text, choicesOf(definition, property, pipelines));
    if (typeof stored === 'string') values[name] = stored;
    else problems.push({ name, ...stored });
  }
  return problems.length === 0 ? { ok: true, values } : { ok: false, problems };
}

type Problem = Omit<ValueProblem, 'name'>;

function storedForm(property: Property, text: string, choices: readonly string[]): string | Problem {
  switch (property.type) {
    case 'string':
    case 'phone_number':
      if (text.length > MOST_CHARS) return { code: 'PROPERTY_VALUE_TOO_LONG', message: `Property value exceeds ${MOST_CHARS} characters` };
      if (property.name !== 'email') return text;
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)
        ? text.toLowerCase()
        : { code: 'INVALID_EMAIL', message: `Email address ${text} is invalid` };
    case 'number':
      return /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? text : { code: 'INVALID_LONG', message: `${text} was not a valid number.` };
    case 'bool': {
      const lower = text.toLowerCase();
      return lower === 'true' || lower === 'false' ? lower : { code: 'INVALID_OPTION', message: notAmong(text, ['true', 'false']) };
    }
    case 'date': {
      const ms = epochMsOf(text);
      const isDay = ms !== null && (!/^-?\d+$/.test(text) || ms % DAY_MS === 0);
      return isDay ? new Date(ms).toISOString().slice(0, 10) : { code: 'INVALID_DATE', message: `${text} is not at midnight UTC.` };
    }
    case 'datetime': {
      const ms = epochMsOf(text);
      return ms === null ? { code: 'INVALID_LONG', message: `${text} was not a valid long.` } : new Date(ms).toISOString();
    }
    case 'enumeration': {
      const parts = property.fieldType === 'checkbox' ? text.split(';').filter((part) => part !== '') : [text];
      const unknown = parts.find((part) => !choices.includes(part));
      return unknown === undefined ? parts.join(';') : { code: 'INVALID_OPTION', message: notAmong(unknown, choices) };
    }
  }
}

/** An instant as ISO text or in milliseconds; null for anything else. */
export function epochMsOf(text: string): number | null {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text)) return null;
  const ms = Date.parse(/[T]/.test(text) && !/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? `${text}Z` : text);
  return Number.isNaN(ms) ? null : ms;
}

function choicesOf({ type }: ObjectDefinition, property: Property, pipelines: readonly Pipeline[]): readonly string[] {
  if (property.name === type.pipelineProperties?.pipeline) return pipelines.map((pipeline) => pipeline.id);
  if (property.name === type.pipelineProperties?.stage) return pipelines.flatMap(({ stages }) => stages.map((stage) => stage.id));
  if (property.externalOptions) return OWNERS.map((owner) => String(owner.ownerId));
  return property.options.map((option) => option.value);
}

function notAmong(text: string, choices: readonly string[]): string {
  return `${text} was not one of the allowed options: [${choices.join(', ')}]`;
}

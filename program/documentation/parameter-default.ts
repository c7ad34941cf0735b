import { RULE_PARAMETERS } from '../definition/rule-parameter.ts';
import { formatDuration, type Duration } from '../duration.ts';
import type { RuleId } from '../rules/catalogue.ts';

/** The parameters of a rule, each with what holds where the program says nothing, as it would be written. */
export function parameterDefaults(id: RuleId): readonly (readonly [name: string, written: string])[] {
  const defaults: Readonly<Record<string, unknown>> = RULE_PARAMETERS[id].parse({});
  return Object.keys(RULE_PARAMETERS[id].shape).map((name) => [name, write(defaults[name])]);
}

function write(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return `[${value.map(write).join(', ')}]`;
  if (isDuration(value)) return formatDuration(value);
  if (typeof value === 'string') return /^\d/.test(value) ? `'${value}'` : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TypeError(`a default of type ${typeof value} cannot be shown yet`);
}

function isDuration(value: unknown): value is Duration {
  return typeof value === 'object' && value !== null && 'amount' in value && 'unit' in value;
}

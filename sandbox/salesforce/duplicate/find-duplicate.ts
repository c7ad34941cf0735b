/** Looks for records that a new or changed one doubles. Source: Salesforce Help, "Duplicate Rules"; Object Reference, "DuplicateResult", "MatchResult". */

import { findField } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { DuplicateRule, MatchingItem, MatchingRule } from '../schema/duplicate-rule.ts';
import { quoted } from '../store/database.ts';
import type { RecordStore, StoredRow } from '../store/record-store.ts';
import type { ApiError } from '../wire/api-error.ts';
import { duplicatesDetected } from '../wire/rule-error.ts';
import type { DuplicateMatch } from '../wire/rule-error.ts';
import type { WriteMoment } from '../write/field-history.ts';
import { matchKey } from './match-key.ts';
import { standardRule } from './standard-rule.ts';

/** An org lists no more of them. */
const MOST_MATCHES = 100;

interface Candidate {
  /** As it would be saved. */
  readonly row: StoredRow;
  /** As it was; null for a new record. */
  readonly before: StoredRow | null;
}

/** The refusal of the first rule that finds `candidate` to be a duplicate and does not let it pass; null where none does. */
export function findDuplicate(
  store: RecordStore,
  definition: SObjectDefinition,
  candidate: Candidate,
  moment: WriteMoment,
): ApiError | null {
  const standard = standardRule(store, definition.name);
  const rules = standard === null ? definition.rules.duplicates : [standard, ...definition.rules.duplicates];
  for (const rule of rules) {
    const action = candidate.before === null ? rule.onInsert : rule.onUpdate;
    if (action === 'allow' || (action === 'alert' && moment.duplicates?.allowSave === true)) continue;
    const matches = matchesOf(store, definition, rule, candidate, moment);
    if (matches.length > 0) return duplicatesDetected(rule, definition, action === 'alert', matches, apiVersionOf(moment));
  }
  return null;
}

/** A change of other fields than those that are compared makes no duplicate. */
function matchesOf(
  store: RecordStore,
  definition: SObjectDefinition,
  rule: DuplicateRule,
  { row, before }: Candidate,
  moment: WriteMoment,
): readonly DuplicateMatch[] {
  return rule.matching.flatMap((matching) => {
    const isTouched = before === null || matching.items.some(({ field }) => (row[field] ?? null) !== (before[field] ?? null));
    if (!isTouched) return [];
    const found = store
      .select(candidatesQuery(definition, matching))
      .filter((other) => other['Id'] !== before?.['Id'] && isMatch(matching, row, other));
    if (found.length === 0) return [];
    const isExact = matching.items.every(({ method }) => method === 'Exact');
    const withDetails = moment.duplicates?.includeRecordDetails === true;
    const records = found.slice(0, MOST_MATCHES).map((other) => detailsOf(definition, matching, other, withDetails));
    return [{ rule: matching.name, engine: isExact ? 'ExactMatchEngine' : 'FuzzyMatchEngine', records }];
  });
}

function candidatesQuery(definition: SObjectDefinition, { items }: MatchingRule): string {
  const names = items.flatMap(({ field }) => findField(definition, field)?.name ?? []);
  return `SELECT ${['Id', ...names].map(quoted).join(', ')} FROM ${quoted(definition.name)} WHERE "IsDeleted" = 0 ORDER BY "Id"`;
}

function isMatch({ items, isAny }: MatchingRule, row: StoredRow, other: StoredRow): boolean {
  const fits = (item: MatchingItem): boolean => {
    const [a, b] = [matchKey(item.method, row[item.field] ?? null), matchKey(item.method, other[item.field] ?? null)];
    return a === b && (a !== null || item.matchesBlanks);
  };
  return isAny ? items.some(fits) : items.every(fits);
}

function detailsOf(definition: SObjectDefinition, { items }: MatchingRule, row: StoredRow, withDetails: boolean): StoredRow {
  const names = withDetails ? items.map(({ field }) => findField(definition, field)?.name ?? field) : [];
  return Object.fromEntries(['Id', ...names].map((name) => [name, row[name] ?? null]));
}

function apiVersionOf({ origin }: WriteMoment): string {
  return `v${/\/(\d+\.\d+)/.exec(origin)?.[1] ?? ''}`;
}

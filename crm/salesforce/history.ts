import type { RemoteEdit } from '../port.ts';
import { textOrNull, type JsonObject } from '../answer-shape.ts';
import { definitionOf } from './describe.ts';
import type { ObjectDefinition } from './object-definition.ts';
import { instantOf, isValue } from './remote-row.ts';
import { chunkLiterals, runQuery } from './run-query.ts';
import type { Session } from './session.ts';
import { checkName, datetimeLiteral, quoteText } from './soql-literal.ts';

const RECORD_ID = /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/;

/**
 * Activities keep no history that could be relied on: `ActivityFieldHistory` is off at first, minutes late, and for users who may see all data.
 * https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_activityfieldhistory.htm
 */
const WITHOUT_HISTORY: ReadonlySet<string> = new Set(['Task', 'Event']);

/** Where Salesforce keeps the tracked edits of an object, and the name of the field there that holds the record's id. */
export function historyObjectOf(object: string): { readonly object: string; readonly parent: string } {
  if (object.endsWith('__c')) return { object: `${object.slice(0, -1)}History`, parent: 'ParentId' };
  // OpportunityHistory is something else: the stages that an opportunity went through.
  return { object: object === 'Opportunity' ? 'OpportunityFieldHistory' : `${object}History`, parent: `${object}Id` };
}

/**
 * The tracked edits of `fields` on the records `ids`, latest first. Salesforce keeps them for 18 to 24 months. Of activities there are none, and nothing is asked.
 * https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_associated_objects_history.htm
 */
export async function history(
  session: Session,
  object: string,
  ids: readonly string[],
  fields: readonly string[],
  since?: string,
): Promise<readonly RemoteEdit[]> {
  const literals = [...new Set(ids)].filter((id) => RECORD_ID.test(id)).map(quoteText);
  if (literals.length === 0 || fields.length === 0 || WITHOUT_HISTORY.has(object)) return [];
  const definition = await definitionOf(session, object);
  const { object: historyObject, parent } = historyObjectOf(checkName(object));
  const wanted = fields.map((field) => quoteText(historyNameOf(checkName(field)))).join(',');
  const from = since === undefined ? '' : ` AND CreatedDate >= ${datetimeLiteral(since)}`;
  const soql = (chunk: readonly string[]): string =>
    `SELECT Id, ${parent}, Field, OldValue, NewValue, CreatedById, CreatedDate FROM ${historyObject} ` +
    `WHERE ${parent} IN (${chunk.join(',')}) AND Field IN (${wanted})${from} ORDER BY CreatedDate DESC, Id DESC`;
  const edits: RemoteEdit[] = [];
  for (const chunk of chunkLiterals(literals, soql)) {
    const answer = await runQuery(session, { operation: 'history', soql: soql(chunk), includeDeleted: false });
    edits.push(...readEdits(answer.records, parent, fields, definition));
  }
  return edits.toSorted((one, other) => (one.at < other.at ? 1 : one.at > other.at ? -1 : 0));
}

/**
 * The edits that `records` of a history object tell of, in their order. A lookup leaves two records, by name and by id, of which the one with ids is kept: it
 * has one before or after the edit. Where only names are told, what one user did within one second is one edit.
 */
export function readEdits(
  records: readonly JsonObject[],
  parent: string,
  fields: readonly string[],
  definition: ObjectDefinition,
): readonly RemoteEdit[] {
  const fieldByHistoryName = new Map(fields.map((field) => [historyNameOf(field), field]));
  const told = records.flatMap((record): readonly { readonly edit: RemoteEdit; readonly kind: 'value' | 'id' | 'name' }[] => {
    const field = fieldByHistoryName.get(textOrNull(record['Field']) ?? '');
    const recordId = textOrNull(record[parent]);
    const at = instantOf(record['CreatedDate']);
    if (field === undefined || recordId === null || at === null) return [];
    const type = definition.fields.get(field)?.type;
    const value = isValue(record['NewValue']) ? record['NewValue'] : undefined;
    const edit: RemoteEdit = { recordId, field, at, by: textOrNull(record['CreatedById']), to: type === 'long_text' ? undefined : value };
    const namesIds = isRecordId(record['OldValue']) || isRecordId(record['NewValue']);
    return [{ edit, kind: type !== 'reference' ? 'value' : namesIds ? 'id' : 'name' }];
  });
  const keyOf = ({ recordId, field, at, by }: RemoteEdit): string => [recordId, field, at, by].join(' ');
  const seen = new Set(told.flatMap(({ edit, kind }) => (kind === 'id' ? [keyOf(edit)] : [])));
  return told.flatMap(({ edit, kind }) => {
    if (kind !== 'name') return [edit];
    const isFirst = !seen.has(keyOf(edit));
    seen.add(keyOf(edit));
    return isFirst ? [edit] : [];
  });
}

/** Standard lookups appear in the history without their `Id`: `OwnerId` as `Owner`. */
function historyNameOf(field: string): string {
  return field.endsWith('Id') && !field.endsWith('__c') ? field.slice(0, -2) : field;
}

function isRecordId(value: unknown): boolean {
  return typeof value === 'string' && RECORD_ID.test(value);
}

import { textOrNull, type JsonObject } from '../answer-shape.ts';
import { CrmFailure } from '../failures.ts';
import type { RemoteRow } from '../port.ts';
import { associationFieldOf, type AssociationField } from './association-field.ts';
import { readAssociated } from './association-read.ts';
import { readBatches } from './batch-read.ts';
import { propertiesOf } from './known-properties.ts';
import { OWNERS, type ObjectProperties } from './object-property.ts';
import { selectOwners } from './owner.ts';
import { DEAL_STAGES, findDealStages } from './pipeline.ts';
import { read } from './read.ts';
import { askedProperties, readRows } from './remote-row.ts';
import { MOST_ROWS, MOST_SEARCH_CHARS, runSearch, searchChars, type Search } from './search.ts';
import type { Session } from './session.ts';

const MOST_VALUES = 100;

/**
 * Rows in which `field` has one of `values`, archived ones left out; texts compare without regard to case.
 *
 * By a unique property it is a batch read, which sees what was written a moment ago, and so is what is found by an association. By any other it is a search, whose
 * index is some moments behind.
 */
export async function find(
  session: Session,
  object: string,
  field: string,
  values: readonly string[],
  fields: readonly string[],
): Promise<readonly RemoteRow[]> {
  const wanted = [...new Set(values)].filter((value) => value.trim() !== '');
  if (wanted.length === 0) return [];
  if (object === OWNERS) return selectOwners(session, [...fields, field], (row) => wanted.includes(String(row.fields[field])));
  if (object === DEAL_STAGES) return findDealStages(session, field, wanted, fields);
  const association = associationFieldOf(field);
  if (association !== null) return findAssociated(session, object, association, wanted, fields);
  const properties = await propertiesOf(session, object);
  const definition = properties.fields.get(field);
  if (definition === undefined) throw new CrmFailure('CRM_FIELD_UNKNOWN', `${object} has no property ${field}`);
  const asked = askedProperties(properties, fields);
  const records = definition.unique
    ? await readBatches(session, { operation: 'find', object, ids: wanted, idProperty: field, properties: asked })
    : await searchAll(session, properties, field, wanted, asked);
  const byId = new Map(records.map((record) => [textOrNull(record['id']) ?? '', record]));
  return readRows(session, properties, [...byId.values()], fields);
}

/** Rows whose association is held by one of the records `ids`: found from those records, since no search knows labels. */
async function findAssociated(
  session: Session,
  object: string,
  field: AssociationField,
  ids: readonly string[],
  fields: readonly string[],
): Promise<readonly RemoteRow[]> {
  const associated = await readAssociated(
    session,
    field.toObject,
    object,
    ids.filter((id) => /^\d{1,19}$/.test(id)),
  );
  const candidates = [...associated.values()].flatMap((others) => others.map(({ id }) => id));
  const rows = await read(session, object, candidates, [...fields, field.name]);
  const holds = ({ fields: values, holders }: RemoteRow): boolean =>
    (holders?.[field.name] ?? [String(values[field.name])]).some((id) => ids.includes(id));
  return rows.filter((row) => !row.deleted && holds(row));
}

async function searchAll(
  session: Session,
  { object }: ObjectProperties,
  field: string,
  values: readonly string[],
  properties: readonly string[],
): Promise<readonly JsonObject[]> {
  const records: JsonObject[] = [];
  const searchFor = (chunk: readonly string[], afterId: string | null): Search => ({
    operation: 'find',
    object,
    // Texts in lists have to be in lower case. https://developers.hubspot.com/docs/api-reference/search/guide ("Filter search results")
    groups: [
      [
        { propertyName: field, operator: 'IN', values: chunk.map((value) => value.toLowerCase()) },
        ...(afterId === null ? [] : [{ propertyName: 'hs_object_id', operator: 'GT', value: afterId } as const]),
      ],
    ],
    sortBy: 'hs_object_id',
    properties,
    limit: MOST_ROWS,
  });
  for (const chunk of chunksOf(values, (each) => searchChars(searchFor(each, '9'.repeat(19))))) {
    let afterId: string | null = null;
    for (;;) {
      const page: readonly JsonObject[] = (await runSearch(session, searchFor(chunk, afterId))).records;
      records.push(...page);
      if (page.length < MOST_ROWS) break;
      afterId = textOrNull(page.at(-1)?.['id']);
    }
  }
  return records;
}

/** Splits `values` so that a search for a part is not too long; a part has at least one. */
function chunksOf(values: readonly string[], charsOf: (chunk: readonly string[]) => number): readonly (readonly string[])[] {
  const chunks: string[][] = [];
  for (const value of values) {
    const last = chunks.at(-1);
    if (last !== undefined && last.length < MOST_VALUES && charsOf([...last, value]) <= MOST_SEARCH_CHARS) last.push(value);
    else chunks.push([value]);
  }
  return chunks;
}

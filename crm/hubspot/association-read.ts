import { asList, asObject, isObject, textOrNull, type JsonObject } from '../answer-shape.ts';
import { CrmFailure } from '../failures.ts';
import { complaintOf, type HubspotComplaint } from './complaint.ts';
import { wordsOf } from './classify-failure.ts';
import type { LookupValues } from '../port.ts';
import type { AssociationField } from './association-field.ts';
import { typeOfField } from './association-label.ts';
import { isSameType, readType, type AssociationType } from './association-type.ts';
import { callApi } from './call.ts';
import { checkName } from './object-property.ts';
import type { Session } from './session.ts';

/** A record on the other side, and by which types it is associated. */
export interface Associated {
  readonly id: string;
  readonly types: readonly AssociationType[];
}

/** https://developers.hubspot.com/docs/api-reference/crm-associations-v4/guide */
export const MOST_READS = 1_000;

/**
 * The values of association fields by the record's id: the id of the record on the other side, or null where there is none. Where several are associated in the same
 * way, it is the one with the lowest id, and all of them are named as its holders.
 */
export async function readAssociationFields(
  session: Session,
  object: string,
  ids: readonly string[],
  fields: readonly AssociationField[],
): Promise<ReadonlyMap<string, LookupValues>> {
  const fieldsById = new Map<string, Record<string, string | null>>(ids.map((id) => [id, {}]));
  const holdersById = new Map<string, Record<string, readonly string[]>>();
  if (ids.length === 0) return new Map();
  for (const toObject of new Set(fields.map((field) => field.toObject))) {
    const associated = await readAssociated(session, object, toObject, ids);
    for (const field of fields.filter((each) => each.toObject === toObject)) {
      const type = await typeOfField(session, object, field);
      for (const [id, row] of fieldsById) {
        const holders = holdersOf(associated.get(id) ?? [], type).map((holder) => holder.id);
        row[field.name] = holders[0] ?? null;
        if (holders.length > 1) holdersById.set(id, { ...holdersById.get(id), [field.name]: holders });
      }
    }
  }
  const valuesOf = (id: string, values: LookupValues['fields']): LookupValues => {
    const holders = holdersById.get(id);
    return holders === undefined ? { fields: values } : { fields: values, holders };
  };
  return new Map([...fieldsById].map(([id, values]) => [id, valuesOf(id, values)]));
}

/** Those that are associated by `type`, or in any way; by id. */
export function holdersOf(associated: readonly Associated[], type: AssociationType | null): readonly Associated[] {
  const holders = type === null ? associated : associated.filter(({ types }) => types.some((each) => isSameType(each, type)));
  return holders.toSorted((one, other) => Number(one.id) - Number(other.id));
}

/**
 * Everything that the records are associated with on the other side. A record without any is left out; an answer that says anything else than that throws, since to
 * take it for "none" would have associations removed.
 */
export async function readAssociated(
  session: Session,
  object: string,
  toObject: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Associated[]>> {
  const found = new Map<string, Associated[]>();
  let inputs: readonly { readonly id: string; readonly after?: string }[] = [...new Set(ids)].map((id) => ({ id }));
  while (inputs.length > 0) {
    const asked = inputs.slice(0, MOST_READS);
    const answer = await callApi(session, {
      operation: 'read_associations',
      isRepeatable: true,
      send: (client) => client.associations().getPageWithHttpInfo(checkName(object), checkName(toObject), { inputs: [...asked] }),
    });
    const body = asObject(answer.body, 'associations');
    checkErrors(body['errors']);
    const further: { id: string; after: string }[] = [];
    for (const row of asList(body['results'], 'associations')) {
      const id = isObject(row['from']) ? textOrNull(row['from']['id']) : null;
      if (id === null) throw new CrmFailure('CRM_UNAVAILABLE', 'An association of the answer belongs to no record');
      found.set(id, [...(found.get(id) ?? []), ...asList(row['to'], 'associations').map(readOther)]);
      const after = nextOf(row['paging']);
      if (after !== null) further.push({ id, after });
    }
    inputs = [...further, ...inputs.slice(MOST_READS)];
  }
  return found;
}

function readOther(other: JsonObject): Associated {
  const id = other['toObjectId'];
  return {
    id: String(id),
    types: asList(other['associationTypes'], 'association types').flatMap((type) => readType(type) ?? []),
  };
}

function checkErrors(errors: unknown): void {
  if (!Array.isArray(errors)) return;
  for (const error of errors.filter(isObject)) {
    if (error['subCategory'] === 'crm.associations.NO_ASSOCIATIONS_FOUND') continue;
    const complaint: HubspotComplaint = complaintOf(error);
    if (complaint.category === 'OBJECT_NOT_FOUND') continue;
    throw new CrmFailure('CRM_UNAVAILABLE', `Associations could not be read: ${wordsOf(complaint)}`);
  }
}

function nextOf(paging: unknown): string | null {
  const next = isObject(paging) && isObject(paging['next']) ? paging['next'] : {};
  return textOrNull(next['after']);
}

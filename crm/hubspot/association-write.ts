import { AssociationSpecAssociationCategoryEnum } from '@hubspot/api-client/lib/codegen/crm/associations/v4/models/AssociationSpec.js';
import { isObject } from '../answer-shape.ts';
import type { AssociationType } from './association-type.ts';
import { planAssociations, type AssociationPlan, type AssociationWish } from './association-plan.ts';
import { readAssociated } from './association-read.ts';
import { callApi } from './call.ts';
import type { ApiClient } from './api-client.ts';
import { complaintOf, type HubspotComplaint } from './complaint.ts';
import { checkName } from './object-property.ts';
import type { Session } from './session.ts';

/** A record whose associations are to be set. */
export interface AssociatedRecord {
  readonly id: string;
  /** Just made: it has none yet. */
  readonly isNew: boolean;
  /** All with the same other object. */
  readonly wishes: readonly AssociationWish[];
}

interface Pair {
  readonly fromId: string;
  readonly toId: string;
}

/**
 * Sets associations of many records with one other object: at most a call each to read what there is, to remove labels, to remove associations, to set labels and to
 * set associations as such; those with nothing to do are not made. What could not be read is never removed: then it throws.
 *
 * @returns HubSpot's complaints by the id of the record.
 */
export async function setAssociations(
  session: Session,
  object: string,
  toObject: string,
  records: readonly AssociatedRecord[],
): Promise<ReadonlyMap<string, HubspotComplaint>> {
  const known = records.filter(({ isNew }) => !isNew).map(({ id }) => id);
  const current = await readAssociated(session, object, toObject, known);
  const plans = records.map(({ id, wishes }) => ({ id, plan: planAssociations(current.get(id) ?? [], wishes) }));
  const complaints = new Map<string, HubspotComplaint>();
  const each = <Item>(pick: (plan: AssociationPlan) => readonly Item[]) =>
    plans.flatMap(({ id, plan }) => pick(plan).map((item) => ({ id, item })));
  const send = async (pairs: readonly Pair[], call: (client: ApiClient) => Promise<unknown>): Promise<void> => {
    if (pairs.length === 0) return;
    const answer = await callApi(session, { operation: 'associate', isRepeatable: true, send: call });
    for (const [id, complaint] of complaintsOf(answer.body, pairs)) complaints.set(id, complaint);
  };
  const ends = [checkName(object), checkName(toObject)] as const;

  const labels = each((plan) => plan.removedLabels);
  await send(labels.map(pairOf), (client) => {
    const inputs = labels.map(({ id, item }) => ({ ...endsOf(id, item.toId), types: [specOf(item.type)] }));
    return client.associations().archiveLabelsWithHttpInfo(...ends, { inputs });
  });
  const removed = each((plan) => plan.removedPairs.map((toId) => ({ toId })));
  await send(removed.map(pairOf), (client) => {
    const inputs = removed.map(({ id, item }) => ({ _from: { id }, to: [{ id: item.toId }] }));
    return client.associations().archiveWithHttpInfo(...ends, { inputs });
  });
  const labelled = each((plan) => plan.labelled);
  await send(labelled.map(pairOf), (client) => {
    const inputs = labelled.map(({ id, item }) => ({ ...endsOf(id, item.toId), types: item.types.map(specOf) }));
    return client.associations().createWithHttpInfo(...ends, { inputs });
  });
  const plain = each((plan) => plan.plain.map((toId) => ({ toId })));
  await send(plain.map(pairOf), (client) => {
    const inputs = plain.map(({ id, item }) => endsOf(id, item.toId));
    return client.associations().createDefaultWithHttpInfo(...ends, { inputs });
  });
  return complaints;
}

function pairOf({ id, item }: { readonly id: string; readonly item: { readonly toId: string } }): Pair {
  return { fromId: id, toId: item.toId };
}

function endsOf(fromId: string, toId: string) {
  return { _from: { id: fromId }, to: { id: toId } };
}

const CATEGORIES = new Map<string, AssociationSpecAssociationCategoryEnum>(
  Object.values(AssociationSpecAssociationCategoryEnum).map((category) => [category, category]),
);

function specOf({ category, typeId }: AssociationType) {
  const associationCategory = CATEGORIES.get(category) ?? AssociationSpecAssociationCategoryEnum.UserDefined;
  return { associationCategory, associationTypeId: typeId };
}

/** Which records an answer complains of. Where it does not say, it is all that were sent. */
function complaintsOf(answer: unknown, pairs: readonly Pair[]): readonly (readonly [id: string, complaint: HubspotComplaint])[] {
  const errors = isObject(answer) && Array.isArray(answer['errors']) ? answer['errors'].filter(isObject) : [];
  return errors.flatMap((error) => {
    const context = isObject(error['context']) ? error['context'] : {};
    const named = [context['fromObjectId']].flat().map(String);
    const guilty = pairs.filter(({ fromId }) => named.includes(fromId));
    return (guilty.length > 0 ? guilty : pairs).map(({ fromId }) => [fromId, complaintOf(error)] as const);
  });
}

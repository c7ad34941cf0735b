import { AssociationSpecAssociationCategoryEnum } from '@hubspot/api-client/lib/codegen/crm/associations/v4/models/AssociationSpec.js';
import { sendPairs, type Pair } from './association-batch.ts';
import { planAssociations, planReturn, type AssociationPlan, type AssociationWish, type UnsetTypes } from './association-plan.ts';
import { readAssociated } from './association-read.ts';
import type { AssociationType } from './association-type.ts';
import type { HubspotComplaint } from './complaint.ts';
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

interface PlannedRecord {
  readonly id: string;
  readonly plan: AssociationPlan;
}

/** Complaints by the pair that they are about. */
type Refused = ReadonlyMap<Pair, HubspotComplaint>;
type Unset = ReadonlyMap<Pair & { readonly types: UnsetTypes }, HubspotComplaint>;

type Ends = readonly [object: string, toObject: string];

/**
 * Sets associations of many records with one other object: a call each to read what there is, to set labels, to set associations as such, to remove labels and to
 * remove associations; those with nothing to do are not made. What could not be read is never removed: then it throws.
 *
 * What is new is set first, so that whoever is broken off leaves a record with both and none without either. Where HubSpot refuses that, there may be no room beside
 * the old one: it is set again once that is removed. Whoever is refused then gets it back, and never holds back the others.
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
  const ends: Ends = [checkName(object), checkName(toObject)];
  const returnsFor = (refused: Unset): readonly PlannedRecord[] => {
    const typesById = Map.groupBy(refused.keys(), ({ fromId }) => fromId);
    return plans
      .map(({ id, plan }) => ({
        id,
        plan: planReturn(
          current.get(id) ?? [],
          plan,
          (typesById.get(id) ?? []).map(({ types }) => types),
        ),
      }))
      .filter(({ plan }) => plan.labelled.length + plan.plain.length > 0);
  };
  const refused = await set(session, ends, plans);
  const unremoved = await remove(session, ends, plans);
  const crowded = new Set(returnsFor(refused).map(({ id }) => id));
  const again = await set(
    session,
    ends,
    plans.filter(({ id }) => crowded.has(id)),
  );
  const unreturned = await set(session, ends, returnsFor(again));
  const forGood = [...refused].filter(([{ fromId }]) => !crowded.has(fromId));
  return new Map([...unremoved, ...forGood, ...again, ...unreturned].map(([{ fromId }, complaint]) => [fromId, complaint]));
}

async function remove(session: Session, ends: Ends, plans: readonly PlannedRecord[]): Promise<Refused> {
  const labels = pairsOf(plans, ({ removedLabels }) => removedLabels);
  const unlabelled = await sendPairs(session, labels, (client, some) => {
    const inputs = some.map((pair) => ({ ...endsOf(pair), types: [specOf(pair.type)] }));
    return client.associations().archiveLabelsWithHttpInfo(...ends, { inputs });
  });
  const pairs = pairsOf(plans, ({ removedPairs }) => removedPairs.map((toId) => ({ toId })));
  const removed = await sendPairs(session, pairs, (client, some) => {
    const inputs = some.map(({ fromId, toId }) => ({ _from: { id: fromId }, to: [{ id: toId }] }));
    return client.associations().archiveWithHttpInfo(...ends, { inputs });
  });
  return new Map<Pair, HubspotComplaint>([...unlabelled, ...removed]);
}

async function set(session: Session, ends: Ends, plans: readonly PlannedRecord[]): Promise<Unset> {
  const labelled = await sendPairs(
    session,
    pairsOf(plans, (plan) => plan.labelled),
    (client, some) => {
      const inputs = some.map((pair) => ({ ...endsOf(pair), types: pair.types.map(specOf) }));
      return client.associations().createWithHttpInfo(...ends, { inputs });
    },
  );
  const plain = await sendPairs(
    session,
    pairsOf(plans, (plan) => plan.plain.map((toId) => ({ toId, types: null }))),
    (client, some) => client.associations().createDefaultWithHttpInfo(...ends, { inputs: some.map(endsOf) }),
  );
  return new Map<Pair & { readonly types: UnsetTypes }, HubspotComplaint>([...labelled, ...plain]);
}

function pairsOf<Item extends { readonly toId: string }>(
  plans: readonly PlannedRecord[],
  pick: (plan: AssociationPlan) => readonly Item[],
): readonly (Item & Pair)[] {
  return plans.flatMap(({ id, plan }) => pick(plan).map((item) => ({ ...item, fromId: id })));
}

function endsOf({ fromId, toId }: Pair) {
  return { _from: { id: fromId }, to: { id: toId } };
}

const CATEGORIES = new Map<string, AssociationSpecAssociationCategoryEnum>(
  Object.values(AssociationSpecAssociationCategoryEnum).map((category) => [category, category]),
);

function specOf({ category, typeId }: AssociationType) {
  const associationCategory = CATEGORIES.get(category) ?? AssociationSpecAssociationCategoryEnum.UserDefined;
  return { associationCategory, associationTypeId: typeId };
}

import type { AssociationField } from './association-field.ts';
import { holdersOf, type Associated } from './association-read.ts';
import { isSameType, type AssociationType } from './association-type.ts';

/** What an association of a record is to be: with the record `toId`, or with none. */
export interface AssociationWish {
  readonly field: AssociationField;
  /** The type of the field's label; null for an association as such. */
  readonly type: AssociationType | null;
  readonly toId: string | null;
  /** The only record that it is taken from; null: from nobody. Missing: from all that have it. */
  readonly fromId?: string | null;
}

/** What has to be sent for one record. */
export interface AssociationPlan {
  readonly removedLabels: readonly { readonly toId: string; readonly type: AssociationType }[];
  readonly removedPairs: readonly string[];
  /** Every label that the pair is to have from then on: a write of labels replaces those that the pair had. */
  readonly labelled: readonly { readonly toId: string; readonly types: readonly AssociationType[] }[];
  readonly plain: readonly string[];
}

/**
 * What has to be sent so that `current` becomes as wished, and nothing beyond: other labels and other records stay. With a label, the label alone is taken from the
 * record that had it, and the association as such remains, since a person may have made it. Without one, the association goes. Where a wish says whom it replaces, all
 * others that hold the lookup keep it.
 */
export function planAssociations(current: readonly Associated[], wishes: readonly AssociationWish[]): AssociationPlan {
  const removedLabels: { toId: string; type: AssociationType }[] = [];
  const removedPairs: string[] = [];
  const added = new Map<string, AssociationType[]>();
  const plain: string[] = [];
  for (const { type, toId, fromId } of wishes) {
    const holders = holdersOf(current, type);
    for (const { id } of holders.filter((holder) => holder.id !== toId && (fromId === undefined || holder.id === fromId))) {
      if (type === null) removedPairs.push(id);
      else removedLabels.push({ toId: id, type });
    }
    if (toId === null || holders.some((holder) => holder.id === toId)) continue;
    if (type === null) plain.push(toId);
    else added.set(toId, [...(added.get(toId) ?? []), type]);
  }
  const labelled = [...added].map(([toId, types]) => {
    const own = current.find(({ id }) => id === toId)?.types.filter(({ label }) => label !== null) ?? [];
    const kept = own.filter((type) => !removedLabels.some((each) => each.toId === toId && isSameType(each.type, type)));
    return { toId, types: [...kept, ...types] };
  });
  return { removedLabels, removedPairs, labelled, plain };
}

/** A pair that was not set: the labels that it was to have, or null where it was to be associated as such. */
export type UnsetTypes = readonly AssociationType[] | null;

/** What gives back to a record what `plan` took from it to make room for what was then not set. */
export function planReturn(
  current: readonly Associated[],
  { removedLabels, removedPairs }: AssociationPlan,
  unset: readonly UnsetTypes[],
): AssociationPlan {
  const isReturned = (type: AssociationType): boolean => unset.some((types) => types?.some((each) => isSameType(each, type)) === true);
  const lost = removedLabels.filter(({ type }) => isReturned(type));
  const typesOf = (toId: string): readonly AssociationType[] => {
    const gone = removedLabels.filter((each) => each.toId === toId && !isReturned(each.type));
    const own = current.find(({ id }) => id === toId)?.types.filter(({ label }) => label !== null) ?? [];
    return own.filter((type) => !gone.some((each) => isSameType(each.type, type)));
  };
  const pairs = unset.includes(null) ? removedPairs : [];
  const toIds = [...new Set([...lost.map(({ toId }) => toId), ...pairs])];
  const returned = toIds.map((toId) => ({ toId, types: typesOf(toId) }));
  return {
    removedLabels: [],
    removedPairs: [],
    labelled: returned.filter(({ types }) => types.length > 0),
    plain: returned.filter(({ types }) => types.length === 0).map(({ toId }) => toId),
  };
}

/** What happens to records, as far as the portal tells others about it. */

interface Reference {
  /** Id of the object type. */
  readonly object: string;
  readonly id: number;
}

export type RecordChange =
  | ({ readonly kind: 'creation' | 'deletion' | 'restore' | 'privacyDeletion' } & Reference)
  | ({ readonly kind: 'propertyChange'; readonly name: string; readonly value: string } & Reference)
  | {
      readonly kind: 'merge';
      readonly object: string;
      readonly primaryId: number;
      readonly mergedIds: readonly number[];
      readonly newId: number;
      readonly movedProperties: number;
    }
  | {
      readonly kind: 'associationChange';
      readonly from: Reference;
      readonly to: Reference;
      readonly category: string;
      readonly typeId: number;
      readonly isPrimary: boolean;
      readonly isRemoved: boolean;
    };

/** The type of the object that a change is of. */
export function objectOf(change: RecordChange): string {
  return change.kind === 'associationChange' ? change.from.object : change.object;
}

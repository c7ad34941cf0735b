/** Which kinds of associations there are between two object types. Source: HubSpot developer documentation, "Associations v4", "Association type ID values". */

import type { ObjectType } from '../schema/object-type.ts';
import type { Database, StoredRow } from '../store/database.ts';

export type AssociationCategory = 'HUBSPOT_DEFINED' | 'USER_DEFINED';

export interface AssociationType {
  readonly fromObject: string;
  readonly toObject: string;
  readonly category: AssociationCategory;
  readonly typeId: number;
  /** As in `?associations=` of a record: `deal_to_company`. */
  readonly name: string;
  /** Null for the association as such. */
  readonly label: string | null;
  /** The type of the same association seen from the other side. */
  readonly inverseId: number;
  /** A record has one association of this type at most to the other object type. */
  readonly isSingle: boolean;
}

export interface AssociationTypes {
  readonly between: (fromObject: string, toObject: string) => readonly AssociationType[];
  readonly add: (types: readonly AssociationType[]) => void;
  readonly rename: (type: AssociationType, label: string) => void;
  /** Both sides of it, and what is associated by it. */
  readonly remove: (type: AssociationType) => void;
  readonly newTypeId: () => number;
}

type Pair = readonly [from: string, to: string, typeId: number, inverseId: number];
const [CONTACT, COMPANY, DEAL, TASK, NOTE] = ['0-1', '0-2', '0-3', '0-27', '0-46'] as const;

const UNLABELLED: readonly Pair[] = [
  [CONTACT, COMPANY, 279, 280],
  [DEAL, CONTACT, 3, 4],
  [DEAL, COMPANY, 341, 342],
  [NOTE, CONTACT, 202, 201],
  [NOTE, COMPANY, 190, 189],
  [NOTE, DEAL, 214, 213],
  [TASK, CONTACT, 204, 203],
  [TASK, COMPANY, 192, 191],
  [TASK, DEAL, 216, 215],
  [CONTACT, CONTACT, 449, 449],
  [COMPANY, COMPANY, 450, 450],
  [DEAL, DEAL, 451, 451],
];
const PRIMARY: readonly Pair[] = [
  [CONTACT, COMPANY, 1, 2],
  [DEAL, COMPANY, 5, 6],
];
/** Type ids of a portal's own labels; odd and even are the two sides. */
const FIRST_OWN_ID = 17;

/** HubSpot's own association types among `types`, in both directions. */
export function builtInAssociationTypes(types: readonly ObjectType[]): readonly AssociationType[] {
  const singular = (id: string) => types.find((type) => type.id === id)?.singular ?? id;
  const both = ([from, to, typeId, inverseId]: Pair, label: string | null) =>
    bothSides({ id: from, singular: singular(from) }, { id: to, singular: singular(to) }, typeId, inverseId, label);
  return [...PRIMARY.flatMap((pair) => both(pair, 'Primary')), ...UNLABELLED.flatMap((pair) => both(pair, null))];
}

type Side = Pick<ObjectType, 'id' | 'singular'>;

function bothSides(from: Side, to: Side, typeId: number, inverseId: number, label: string | null): readonly AssociationType[] {
  const hasPrimary = PRIMARY.some(([a, b]) => a === from.id && b === to.id);
  const suffix = label === null && hasPrimary ? '_unlabeled' : '';
  const side = (a: Side, b: Side, own: number, other: number, isSingle: boolean): AssociationType => ({
    fromObject: a.id,
    toObject: b.id,
    category: 'HUBSPOT_DEFINED',
    typeId: own,
    name: `${a.singular}_to_${b.singular}${suffix}`,
    label,
    inverseId: other,
    isSingle,
  });
  // Seen from either record, two of one object are associated by the same type.
  if (from.id === to.id) return [side(from, to, typeId, inverseId, false)];
  // One company is the primary one of a deal, while it may be that of many deals.
  return [side(from, to, typeId, inverseId, label === 'Primary'), side(to, from, inverseId, typeId, false)];
}

/** The association of a new custom object with `to`, both sides. */
export function customAssociationTypes(types: AssociationTypes, from: ObjectType, to: ObjectType): readonly AssociationType[] {
  const [typeId, inverseId] = [types.newTypeId(), types.newTypeId()];
  return bothSides(from, to, typeId, inverseId, null).map((type) => ({ ...type, category: 'USER_DEFINED' }));
}

export function createAssociationTypes(db: Database): AssociationTypes {
  return {
    between: (fromObject, toObject) =>
      db.select('SELECT * FROM association_type WHERE from_object = ? AND to_object = ? ORDER BY rowid', fromObject, toObject).map(typeOf),
    add: (types) => {
      for (const type of types)
        db.run(
          'INSERT INTO association_type (from_object, to_object, category, type_id, name, label, inverse_id, is_single) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
          type.fromObject,
          type.toObject,
          type.category,
          type.typeId,
          type.name,
          type.label,
          type.inverseId,
          Number(type.isSingle),
        );
    },
    rename: (type, label) =>
      db.run(
        'UPDATE association_type SET label = ? WHERE from_object = ? AND to_object = ? AND type_id = ?',
        label,
        type.fromObject,
        type.toObject,
        type.typeId,
      ),
    remove: (type) => {
      for (const id of [type.typeId, type.inverseId]) {
        db.run('DELETE FROM association_type WHERE category = ? AND type_id = ?', type.category, id);
        db.run('DELETE FROM association WHERE category = ? AND type_id = ?', type.category, id);
      }
    },
    newTypeId: () => FIRST_OWN_ID + db.nextSerial('association_type') - 1,
  };
}

function typeOf(row: StoredRow): AssociationType {
  return {
    fromObject: String(row['from_object']),
    toObject: String(row['to_object']),
    category: row['category'] as AssociationCategory,
    typeId: Number(row['type_id']),
    name: String(row['name']),
    label: row['label'] === null ? null : String(row['label']),
    inverseId: Number(row['inverse_id']),
    isSingle: row['is_single'] === 1,
  };
}

/** How many records may be associated by one type, as administrators set it. Source: HubSpot developer documentation, "Associations v4: set and manage association limits". */

import type { Portal } from '../portal.ts';
import { invalid } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';

interface Typed {
  readonly category: string;
  readonly typeId: number;
}
interface Reference {
  readonly object: string;
  readonly id: number;
}

/** The refusal of one association more than `from` may have by `type`; null where there is room, or where the pair has it already. */
export function limitReached(portal: Portal, from: Reference, to: Reference, { category, typeId }: Typed): ApiError | null {
  const most = limitOf(portal, from.object, to.object, { category, typeId });
  if (most === null) return null;
  const others = portal.db.select(
    'SELECT count(*) AS n FROM association WHERE from_object = ? AND from_id = ? AND to_object = ? AND category = ? AND type_id = ? AND to_id <> ?',
    from.object,
    from.id,
    to.object,
    category,
    typeId,
    to.id,
  )[0];
  if (Number(others?.['n'] ?? 0) < most) return null;
  return invalid(
    `Association limit exceeded: ${from.object} ${from.id} can be associated with at most ${most} records of ${to.object} by the type ${category} ${typeId}`,
  );
}

export function limitOf(portal: Portal, fromObject: string, toObject: string, { category, typeId }: Typed): number | null {
  const row = portal.db.select(
    'SELECT most FROM association_limit WHERE from_object = ? AND to_object = ? AND category = ? AND type_id = ?',
    fromObject,
    toObject,
    category,
    typeId,
  )[0];
  return row === undefined ? null : Number(row['most']);
}

export function setLimit(portal: Portal, fromObject: string, toObject: string, { category, typeId }: Typed, most: number): void {
  portal.db.run(
    `INSERT INTO association_limit (from_object, to_object, category, type_id, most) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (from_object, to_object, category, type_id) DO UPDATE SET most = excluded.most`,
    fromObject,
    toObject,
    category,
    typeId,
    most,
  );
}

export function removeLimit(portal: Portal, fromObject: string, toObject: string, { category, typeId }: Typed): void {
  portal.db.run(
    'DELETE FROM association_limit WHERE from_object = ? AND to_object = ? AND category = ? AND type_id = ?',
    fromObject,
    toObject,
    category,
    typeId,
  );
}

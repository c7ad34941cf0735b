/** List views as shipped, with the names of fields that the API knows. Source: Metadata API Developer Guide, "ListView". */

import { z } from 'zod';
import type { SObjectDefinition } from '../schema/definition.ts';
import { fieldOfColumn } from './column-name.ts';
import { listOf } from './element-list.ts';

export const listViewFile = z.object({
  fullName: z.string(),
  label: z.string(),
  columns: listOf(z.string()),
  filterScope: z.enum(['Everything', 'Mine', 'Queue', 'Delegated', 'MyTerritory', 'MyTeamTerritory', 'Team', 'MineAndMyGroups']),
  queue: z.string().optional(),
  filters: listOf(
    z.object({
      field: z.string(),
      operation: z.enum([
        'equals',
        'notEqual',
        'lessThan',
        'greaterThan',
        'lessOrEqual',
        'greaterOrEqual',
        'contains',
        'notContain',
        'startsWith',
        'includes',
        'excludes',
        'within',
      ]),
      value: z.string().default(''),
    }),
  ),
  booleanFilter: z.string().optional(),
});
type ListViewFile = z.infer<typeof listViewFile>;

export interface ListView {
  readonly name: string;
  readonly label: string;
  /** Names of fields; a lookup shows the name behind it. */
  readonly columns: readonly string[];
  readonly scope: ListViewFile['filterScope'];
  /** The developer name of the queue that the scope `Queue` means. */
  readonly queue: string | null;
  readonly filters: readonly { readonly field: string; readonly operation: string; readonly value: string }[];
  /** Such as `1 AND (2 OR 3)`; null where all filters hold together. */
  readonly logic: string | null;
}

/** Columns and filters of fields that the org does not have are left out; `logic` counts filters, so a view that has one is kept whole. */
export function listViewOf(definition: SObjectDefinition, file: ListViewFile): ListView {
  const filters = file.filters.map(({ field, operation, value }) => ({ field: fieldOfColumn(definition, field), operation, value }));
  return {
    name: file.fullName,
    label: file.label,
    columns: file.columns.flatMap((column) => fieldOfColumn(definition, column) ?? []),
    scope: file.filterScope,
    queue: file.queue ?? null,
    filters: filters.flatMap(({ field, ...filter }) => (field === null ? [] : [{ field, ...filter }])),
    logic: filters.every(({ field }) => field !== null) ? (file.booleanFilter ?? null) : null,
  };
}

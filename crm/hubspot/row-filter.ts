import { conditionFields, fitsConditions, type CaptureRequest, type RemoteFields, type RowCondition } from '../port.ts';
import type { SearchFilter } from './search.ts';

type RowFilter = Pick<CaptureRequest, 'whereNotNull' | 'where'>;

/**
 * The filters of a search that keep the wanted rows, as alternatives: HubSpot finds a record without a value by no comparison, so that what is to be another value, or
 * none, is two of them. https://developers.hubspot.com/docs/api-reference/search/guide ("Filter search results")
 */
export function filterAlternatives({ whereNotNull, where = [] }: RowFilter): readonly (readonly SearchFilter[])[] {
  const filled: readonly SearchFilter[] = whereNotNull === undefined ? [] : [{ propertyName: whereNotNull, operator: 'HAS_PROPERTY' }];
  return where.reduce<readonly (readonly SearchFilter[])[]>(
    (alternatives, condition) => alternatives.flatMap((filters) => filtersOf(condition).map((filter) => [...filters, filter])),
    [filled],
  );
}

/** Whether a row that was read otherwise is wanted; its fields have to have those of `filterFields`. */
export function isWanted({ whereNotNull, where = [] }: RowFilter, fields: RemoteFields): boolean {
  return (whereNotNull === undefined || (fields[whereNotNull] ?? null) !== null) && fitsConditions(where, fields);
}

export function filterFields({ whereNotNull, where = [] }: RowFilter): readonly string[] {
  return [...(whereNotNull === undefined ? [] : [whereNotNull]), ...conditionFields(where)];
}

function filtersOf(condition: RowCondition): readonly SearchFilter[] {
  if ('anyOf' in condition) return condition.anyOf.flatMap(filtersOf);
  const propertyName = condition.field;
  const none: SearchFilter = { propertyName, operator: 'NOT_HAS_PROPERTY' };
  if ('isEmpty' in condition) return condition.isEmpty ? [none] : [{ propertyName, operator: 'HAS_PROPERTY' }];
  if ('is' in condition) return [{ propertyName, operator: 'EQ', value: condition.is }];
  return [{ propertyName, operator: 'NEQ', value: condition.isNot }, none];
}

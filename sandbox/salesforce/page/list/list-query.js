/** List views as queries. Source of what filters mean: Metadata API Developer Guide, "ListView", filters and filterScope. */

import { likeLiteral, literal, selectedPaths, whereAll } from '../crm/soql.js';

const COMPARISONS = { lessThan: '<', greaterThan: '>', lessOrEqual: '<=', greaterOrEqual: '>=' };
const NUMBERS = new Set(['int', 'double', 'currency', 'percent']);

/** The part of a query after the fields: FROM, scope and WHERE. `search` and `parent` narrow what the view has. */
export function listSource(description, view, { search, searched, parent }) {
  const conditions = [
    filterCondition(description, view),
    queueCondition(view),
    search === '' ? null : searchCondition(searched, search),
    parent === null ? null : `${parent.field} = ${literal(parent.id)}`,
  ];
  const scope = ['Mine', 'MineAndMyGroups'].includes(view.scope) ? ' USING SCOPE mine' : '';
  return `FROM ${description.name}${scope}${whereAll(conditions)}`;
}

/** What SELECT names for these columns. */
export function listPaths(title, fields, more) {
  return [...new Set(['Id', title.name, ...fields.flatMap(selectedPaths), ...more])].join(', ');
}

/** Rows without a value come last in both directions; lookups sort by the name behind them. */
export function orderBy(field, isDescending) {
  const path = field.type === 'reference' ? `${field.relationshipName}.Name` : field.name;
  return `ORDER BY ${path} ${isDescending ? 'DESC' : 'ASC'} NULLS LAST, Id`;
}

function filterCondition(description, view) {
  const parts = view.filters.map((filter) => oneFilter(description.byName.get(filter.field), filter));
  if (view.logic === null) return parts.map((part) => `(${part})`).join(' AND ');
  return view.logic.replace(/\d+/g, (number) => `(${parts[Number(number) - 1]})`);
}

/** A queue owns records as a user does. */
function queueCondition(view) {
  if (view.scope !== 'Queue') return null;
  return `OwnerId IN (SELECT Id FROM Group WHERE Type = 'Queue' AND DeveloperName = ${literal(view.queue ?? '')})`;
}

function oneFilter(field, { operation, value }) {
  if (operation in COMPARISONS) return `${field.name} ${COMPARISONS[operation]} ${valueLiteral(field, value)}`;
  // Commas part values, any of which may fit.
  const values = value === '' ? [''] : value.split(',').map((each) => each.trim());
  const any = (condition) => values.map(condition).join(' OR ');
  switch (operation) {
    case 'equals':
    case 'includes':
    case 'within':
      return any((each) => `${field.name} = ${valueLiteral(field, each)}`);
    case 'notEqual':
    case 'excludes':
      return values.map((each) => `${field.name} != ${valueLiteral(field, each)}`).join(' AND ');
    case 'startsWith':
      return any((each) => `${field.name} LIKE ${likeLiteral(each, '')}`);
    case 'notContain':
      return `NOT (${any((each) => `${field.name} LIKE ${likeLiteral(each)}`)})`;
    default:
      return any((each) => `${field.name} LIKE ${likeLiteral(each)}`);
  }
}

function valueLiteral(field, value) {
  if (value === '') return 'null';
  if (field.type === 'boolean') return String(/^(true|1|yes)$/i.test(value));
  if (NUMBERS.has(field.type)) return String(Number(value));
  // Days are written as they are, and so are periods such as THIS_MONTH or LAST_N_DAYS:30.
  if (field.type === 'date' || field.type === 'datetime') return value.toUpperCase().replaceAll(' ', '_');
  return literal(value);
}

function searchCondition(searched, search) {
  return searched.map((path) => `${path} LIKE ${likeLiteral(search)}`).join(' OR ');
}

/** The name under which a call is counted: its path, with `{id}` for whatever names a record or a page. */

import { belowVersion } from './unbuilt.ts';

/** What stands where a record's id could, below an object. */
const OBJECT_RESOURCES = new Set(['describe', 'updated', 'deleted', 'listviews', 'quickActions', 'layouts']);

/**
 * `path` without doubled or trailing slashes, its ids, external id values and locators replaced by `{id}`.
 * `spell` gives an object's own spelling, since paths may name it in any case.
 */
export function routeName(path: string, spell: (objectName: string) => string): string {
  const tidy = spellObject(path, spell)
    .replace(/\/{2,}/g, '/')
    .replace(/(.)\/$/, '$1');
  const below = belowVersion(tidy);
  const base = below === tidy || below === '/' ? '' : tidy.slice(0, tidy.length - below.length);
  if (below === '/') return tidy;
  return (
    base +
    nameSegments(below.split('/').slice(1))
      .map((segment) => `/${segment}`)
      .join('')
  );
}

function spellObject(path: string, spell: (objectName: string) => string): string {
  return path.replace(/(\/sobjects\/+)([^/]+)/, (_all, before: string, name: string) => before + spell(name));
}

function nameSegments(segments: readonly string[]): readonly string[] {
  const [first = '', second, third = '', ...rest] = segments;
  if (first === 'sobjects' && second !== undefined && segments.length > 2) {
    if (OBJECT_RESOURCES.has(third)) return segments.map((segment) => (isId(segment) ? '{id}' : segment));
    return rest.length === 0 ? [first, second, '{id}'] : [first, second, isId(third) ? '{id}' : third, '{id}', ...rest.slice(1)];
  }
  if ((first === 'query' || first === 'queryAll' || first === 'id') && second !== undefined)
    return segments.map((segment, index) => (index === 0 ? segment : '{id}'));
  return segments.map((segment) => (isId(segment) ? '{id}' : segment));
}

/** Ids hold a digit within their first characters, names of resources and objects do not. */
function isId(segment: string): boolean {
  return /^[0-9A-Za-z]{15}([0-9A-Za-z]{3})?$/.test(segment) && /^[0-9a-zA-Z]{3}.*\d{3}/.test(segment);
}

/** The name under which a call is counted: its path, with `{id}` for whatever names a record. */

export function routeName(path: string): string {
  return path
    .replace(/\/{2,}/g, '/')
    .replace(/(.)\/$/, '$1')
    .replace(/\/\d+(?=\/|$)/g, '/{id}')
    .replace(/\/(access|refresh)-tokens\/[^/]+/, '/$1-tokens/{id}');
}

/** What a token may be used for. Source: HubSpot developer documentation, "Scopes". */

/** Every scope that a call of this sandbox asks for, and `oauth`, which every app has. */
export const ALL_SCOPES: readonly string[] = [
  'oauth',
  ...['contacts', 'companies', 'deals', 'custom'].flatMap((object) =>
    ['objects', 'schemas'].flatMap((kind) => ['read', 'write'].map((verb) => `crm.${kind}.${object}.${verb}`)),
  ),
  'crm.objects.owners.read',
];

/** Scopes of which one is enough. */
export type ScopeChoice = readonly string[];

/**
 * The scopes that a call needs, all choices of them; none for what needs none.
 *
 * @param path without the API's version.
 * @param scopeObject gives the word for an object type in scopes (`contacts`, `custom`); null for a type that does not exist.
 */
export function requiredScopes(method: string, path: string, scopeObject: (type: string) => string | null): readonly ScopeChoice[] {
  const [, area = '', resource = '', ...rest] = path.split('/').map((part) => decodeURIComponent(part));
  const isRead = method === 'GET' || /\/(search|batch\/read)$/.test(path);
  const verb = isRead ? 'read' : 'write';
  const ofObjects = (...types: readonly (string | undefined)[]) =>
    types.flatMap((type) => {
      const word = type === undefined ? null : scopeObject(type);
      return word === null ? [] : [[`crm.objects.${word}.${verb}`]];
    });
  if (area === 'crm-object-schemas') {
    const word = rest[0] === undefined ? 'custom' : (scopeObject(rest[0]) ?? 'custom');
    return [[`crm.schemas.${word}.${verb}`]];
  }
  if (area !== 'crm') return [];
  switch (resource) {
    case 'objects':
      // Associations concern both sides.
      return rest[2] === 'associations' ? ofObjects(rest[0], rest[3] === 'default' ? rest[4] : rest[3]) : ofObjects(rest[0]);
    case 'associations':
      return rest[0] === 'definitions' ? ofObjects(rest[2], rest[3]) : ofObjects(rest[0], rest[1]);
    case 'properties':
    case 'pipelines':
    case 'property-validations': {
      const word = rest[0] === undefined ? null : scopeObject(rest[0]);
      if (word === null) return [];
      return [isRead ? [`crm.schemas.${word}.read`, `crm.objects.${word}.read`] : [`crm.schemas.${word}.write`]];
    }
    case 'owners':
      return [['crm.objects.owners.read']];
    default:
      return [];
  }
}

/** Activities have the scopes of contacts, all custom objects the same ones. */
export function scopeWord({ id, isCustom }: { readonly id: string; readonly isCustom: boolean }): string {
  if (isCustom) return 'custom';
  return id === '0-2' ? 'companies' : id === '0-3' ? 'deals' : 'contacts';
}

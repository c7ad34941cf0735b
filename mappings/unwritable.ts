import type { RemoteFieldDefinition, RemoteObjectDefinition, RemoteValue, RemoteWrite } from '../crm/port.ts';
import type { FieldProblem, ObjectMapping } from './field-mapping.ts';

/**
 * The fields of a write that the CRM, as it describes itself, would refuse it for: one that it lacks or that is not to be written, one of another type than
 * expected, a text too long for it, a value that its list does not have, an empty one where something has to be. The external id is never among them: without it
 * the write would reach another record. What only the CRM's own rules know (validation rules, triggers) is not found here.
 */
export function findUnwritable(mapping: ObjectMapping, write: RemoteWrite, definition: RemoteObjectDefinition): readonly FieldProblem[] {
  const remoteFields = new Map(definition.fields.map((field) => [field.name, field]));
  const isMade = write.target.kind === 'external_id';
  // Without a right to the object no field of it can be written, and none of them is the reason.
  if ((isMade ? definition.createable : definition.updateable) === false) return [];
  const asked: readonly (readonly [string, RemoteValue | undefined])[] = [
    ...Object.entries(write.fields),
    ...Object.keys(write.parents ?? {}).map((name) => [name, undefined] as const),
  ];
  return asked.flatMap(([name, value]) => {
    if (name === mapping.externalId?.theirs) return [];
    const message = refusalOf(mapping, name, value, remoteFields.get(name), isMade);
    return message === null ? [] : [{ field: name, message }];
  });
}

function refusalOf(
  mapping: ObjectMapping,
  name: string,
  value: RemoteValue | undefined,
  remote: RemoteFieldDefinition | undefined,
  isMade: boolean,
): string | null {
  if (remote === undefined) return 'does not exist in the CRM, or the integration user may not see it';
  if (!(isMade ? remote.createable : remote.updateable)) return 'may not be written by the integration user';
  const types = mapping.fields.filter(({ theirs }) => theirs === name).flatMap((field) => field.types);
  if (types.length > 0 && !types.includes(remote.type)) return `is of type ${remote.type} in the CRM; expected ${types.join(' or ')}`;
  if (value === null && remote.required) return 'is required in the CRM, and empty here';
  if (typeof value !== 'string') return null;
  if (remote.maxLength !== null && value.length > remote.maxLength)
    return `holds ${remote.maxLength} characters in the CRM; the value has ${value.length}`;
  const isListed = remote.values?.some((each) => each.toLowerCase() === value.toLowerCase()) !== false;
  return remote.restricted && !isListed ? 'has a value here that is not in the CRM’s list' : null;
}

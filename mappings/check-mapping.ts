import type { RemoteFieldDefinition, RemoteObjectDefinition } from '../crm/port.ts';
import { SALESFORCE_WORDS, type CrmWords } from './crm-words.ts';
import type { FieldMapping, ObjectMapping } from './field-mapping.ts';

export interface MappingProblem {
  /** The CRM's name of the field. */
  readonly field: string;
  readonly problem: string;
  readonly remedy: string;
  /** `type`: no record of the type can be carried as it is. `field`: the field is left out where it has to be, and the rest of each record goes. */
  readonly hinders: 'type' | 'field';
  /** Said where it is a right that the user lacks; otherwise it is the mapping that does not fit. */
  readonly category?: 'permission';
}

function wordsOf({ words = SALESFORCE_WORDS }: Pick<ObjectMapping, 'words'>): CrmWords {
  return words;
}

/** Everything in which the org differs from what `mapping` relies on, field by field; empty when it fits. */
export function checkMapping(mapping: ObjectMapping, definition: RemoteObjectDefinition): readonly MappingProblem[] {
  const remoteFields = new Map(definition.fields.map((field) => [field.name, field]));
  const words = wordsOf(mapping);
  const problems = mapping.fields.flatMap((field) => {
    const remote = remoteFields.get(field.theirs);
    if (field.isOptional === true && (remote === undefined || !remote.createable)) return [];
    if (remote === undefined)
      return [
        {
          field: field.theirs,
          problem: `${mapping.object} has no such field, or the user may not see it`,
          remedy: `${words.deploy} ${words.grant}`,
          hinders: 'type',
        } as const,
      ];
    return [...checkForm(words, field, remote), ...(isWritten(mapping, field) ? checkAccess(words, field, remote, definition) : [])];
  });
  return [
    ...checkRights(mapping, definition),
    ...problems,
    ...checkExternalId(mapping, remoteFields),
    ...checkRequired(mapping, definition),
  ];
}

/** The CRM has no such object, or the integration user may not see it. */
export function missingObject(mapping: ObjectMapping): MappingProblem {
  return {
    field: mapping.object,
    problem: 'is no object of this CRM, or the user may not see it',
    remedy: wordsOf(mapping).absent(mapping.object),
    hinders: 'type',
  };
}

/** The integration user may not look at the object. `said`: by the CRM, which names what is missing. */
export function deniedObject(mapping: ObjectMapping, said: string): MappingProblem {
  return {
    field: mapping.object,
    problem: `may not be read: ${said}`,
    remedy: wordsOf(mapping).denied(mapping.object),
    hinders: 'type',
    category: 'permission',
  };
}

function checkForm(words: CrmWords, field: FieldMapping, remote: RemoteFieldDefinition): readonly MappingProblem[] {
  const problems: MappingProblem[] = [];
  const tell = (problem: string, remedy: string): void => void problems.push({ field: remote.name, problem, remedy, hinders: 'field' });
  if (!field.types.includes(remote.type)) tell(`is of type ${remote.type}; expected ${field.types.join(' or ')}`, words.deploy);
  if (field.leadsTo !== undefined && !remote.referenceTo.includes(field.leadsTo)) {
    tell(`does not lead to ${field.leadsTo}`, words.allowLookup(field.leadsTo));
  }
  if (field.policy === 'theirs') return problems;
  if (field.length !== null && remote.maxLength !== null && remote.maxLength < field.length) {
    tell(`holds ${remote.maxLength} characters; expected ${field.length} or more`, 'Make the field longer.');
  }
  const missing =
    remote.restricted || field.needsValues === true ? (field.values ?? []).filter((value) => !remote.values?.includes(value)) : [];
  if (missing.length > 0 && remote.restricted) tell(`refuses the values ${missing.join(', ')}`, words.addValues(true));
  else if (missing.length > 0) tell(`does not list the values ${missing.join(', ')}`, words.addValues(false));
  return problems;
}

/** Rights to the object as a whole: without them its fields cannot be written either, which is not told of each. */
function checkRights(mapping: ObjectMapping, { createable, updateable }: RemoteObjectDefinition): readonly MappingProblem[] {
  if (mapping.externalId === null) return [];
  const missing = [createable === false ? 'made' : null, updateable === false ? 'changed' : null].filter((right) => right !== null);
  return missing.map((right) => ({
    field: mapping.object,
    problem: `records cannot be ${right} by the user`,
    remedy: wordsOf(mapping).allowRecords(right === 'made' ? 'create' : 'edit'),
    hinders: 'field',
    category: 'permission',
  }));
}

function checkAccess(
  { grant }: CrmWords,
  field: FieldMapping,
  remote: RemoteFieldDefinition,
  definition: RemoteObjectDefinition,
): readonly MappingProblem[] {
  if (!remote.createable && definition.createable !== false)
    return [{ field: remote.name, problem: 'cannot be written when a record is created', remedy: grant, hinders: 'field' }];
  if (!remote.updateable && field.createOnly !== true && definition.updateable !== false)
    return [{ field: remote.name, problem: 'cannot be changed', remedy: grant, hinders: 'field' }];
  return [];
}

function checkExternalId(mapping: ObjectMapping, remoteFields: ReadonlyMap<string, RemoteFieldDefinition>): readonly MappingProblem[] {
  const remote = mapping.externalId === null ? undefined : remoteFields.get(mapping.externalId.theirs);
  if (remote === undefined || (remote.externalId && remote.unique)) return [];
  return [
    {
      field: remote.name,
      problem: 'is not a unique external id, so a repeated write could make a second record',
      remedy: wordsOf(mapping).deploy,
      hinders: 'type',
    },
  ];
}

/** A required field that we do not fill would refuse every record that we create. */
function checkRequired(mapping: ObjectMapping, definition: RemoteObjectDefinition): readonly MappingProblem[] {
  if (mapping.externalId === null) return [];
  const filled = new Set(
    mapping.fields.filter((field) => isWritten(mapping, field) && field.isOptional !== true).map(({ theirs }) => theirs),
  );
  return definition.fields
    .filter((remote) => remote.required && !filled.has(remote.name))
    .map((remote) => ({
      field: remote.name,
      problem: 'is required, and nothing is mapped to it',
      remedy: 'Make the field optional, give it a default, or map it.',
      hinders: 'field',
    }));
}

function isWritten(mapping: ObjectMapping, field: FieldMapping): boolean {
  return mapping.externalId !== null && field.policy !== 'theirs';
}

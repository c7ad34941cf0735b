import { CRM_FAILURES, CrmFailure, type CrmFailureCode } from '../../crm/failures.ts';
import type { CrmAccess, CrmPort, CrmUsage, RemoteObjectDefinition } from '../../crm/port.ts';
import type { Connection } from '../../activities/decision/dependencies.ts';
import { checkMapping, deniedObject, missingObject, type MappingProblem } from '../../mappings/check-mapping.ts';
import { checkConversion } from '../../mappings/conversion-mapping.ts';
import type { ObjectMapping } from '../../mappings/field-mapping.ts';
import { withDeclaredValues } from '../../mappings/declared-value.ts';
import type { Program } from '../../program/definition/program.ts';
import { shortcomingsOf, type Shortcoming } from './allowance-check.ts';
import { OBJECT_TYPES, OPTIONAL_OBJECT_TYPES, type ObjectType } from '../../program/vocabulary.ts';

export interface CheckedObject {
  readonly objectType: ObjectType;
  /** `conversion`: what is written on opportunities; the rest of them is only read. `notes`: what is left on registrations for people to read. */
  readonly purpose: 'sync' | 'conversion' | 'notes';
  /** The CRM's name of it. */
  readonly object: string;
  readonly fields: number;
  /** A worker starts without it: only what needs these fields waits. */
  readonly isOptional: boolean;
  readonly problems: readonly MappingProblem[];
}

export interface CheckedConnection {
  readonly name: string;
  /** Why the check could not go on; null when it was complete. */
  readonly failure: { readonly code: CrmFailureCode; readonly message: string; readonly remedy: string } | null;
  /** Null where the CRM does not tell, or nobody is signed in. */
  readonly access: CrmAccess | null;
  readonly shortcomings: readonly Shortcoming[];
  readonly objects: readonly CheckedObject[];
  readonly usage: CrmUsage | null;
}

/**
 * Signs in, asks who that is and what is left of the allowances, reads the definition of every object that is mapped and compares it with the mapping. An object
 * that is not there is told like a field, and the others are looked at all the same. Nothing is written to the CRM.
 */
export async function checkConnection(
  name: string,
  { port, mapping, conversion }: Connection,
  program: Program,
): Promise<CheckedConnection> {
  const objects: CheckedObject[] = [];
  let access: CrmAccess | null = null;
  const answer = (failure: CheckedConnection['failure']): CheckedConnection => ({
    name,
    failure,
    access,
    shortcomings: shortcomingsOf(access?.allowances ?? []),
    objects,
    usage: port.usage(),
  });
  try {
    access = (await port.access?.()) ?? null;
    for (const objectType of OBJECT_TYPES) {
      const mapped = withDeclaredValues(mapping[objectType], program);
      const problems = await problemsOf(mapped, port, (definition) => checkMapping(mapped, definition));
      const isOptional = OPTIONAL_OBJECT_TYPES.has(objectType);
      objects.push({ objectType, purpose: 'sync', object: mapped.object, fields: mapped.fields.length, isOptional, problems });
    }
    const { notes } = mapping.task;
    if (notes !== undefined) {
      const problems = await problemsOf(notes, port, (definition) => checkMapping(notes, definition));
      objects.push({ objectType: 'task', purpose: 'notes', object: notes.object, fields: notes.fields.length, isOptional: true, problems });
    }
    if (conversion !== undefined) {
      const { object, fields } = conversion.mapping;
      const problems = await problemsOf(conversion.mapping, port, (definition) => checkConversion(conversion, definition));
      objects.push({ objectType: 'opportunity', purpose: 'conversion', object, fields: fields.length, isOptional: true, problems });
    }
  } catch (error) {
    if (!(error instanceof CrmFailure)) throw error;
    return answer({ code: error.code, message: error.message, remedy: CRM_FAILURES[error.code].remedy });
  }
  return answer(null);
}

async function problemsOf(
  mapping: ObjectMapping,
  port: CrmPort,
  check: (definition: RemoteObjectDefinition) => readonly MappingProblem[],
): Promise<readonly MappingProblem[]> {
  try {
    return check(await port.describe(mapping.object));
  } catch (error) {
    if (error instanceof CrmFailure && error.code === 'CRM_FIELD_UNKNOWN') return [missingObject(mapping)];
    if (error instanceof CrmFailure && error.code === 'CRM_PERMISSION_DENIED') return [deniedObject(mapping, error.message)];
    throw error;
  }
}

import { CRM_FAILURES, CrmFailure, type CrmFailureCode } from '../../crm/failures.ts';
import type { CrmUsage } from '../../crm/port.ts';
import type { Connection } from '../../activities/decision/dependencies.ts';
import { checkMapping, type MappingProblem } from '../../mappings/check-mapping.ts';
import { checkConversion } from '../../mappings/conversion-mapping.ts';
import { withDeclaredValues } from '../../mappings/declared-value.ts';
import type { Program } from '../../program/definition/program.ts';
import { OBJECT_TYPES, OPTIONAL_OBJECT_TYPES, type ObjectType } from '../../program/vocabulary.ts';

export interface CheckedObject {
  readonly objectType: ObjectType;
  /** `conversion`: what is written on opportunities; the rest of them is only read. */
  readonly purpose: 'sync' | 'conversion';
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
  readonly objects: readonly CheckedObject[];
  readonly usage: CrmUsage | null;
}

/** Signs in, reads the definition of every object that is mapped and compares it with the mapping. Nothing is written to the CRM. */
export async function checkConnection(
  name: string,
  { port, mapping, conversion }: Connection,
  program: Program,
): Promise<CheckedConnection> {
  const objects: CheckedObject[] = [];
  try {
    for (const objectType of OBJECT_TYPES) {
      const mapped = withDeclaredValues(mapping[objectType], program);
      const problems = checkMapping(mapped, await port.describe(mapped.object));
      const isOptional = OPTIONAL_OBJECT_TYPES.has(objectType);
      objects.push({ objectType, purpose: 'sync', object: mapped.object, fields: mapped.fields.length, isOptional, problems });
    }
    if (conversion !== undefined) {
      const { object, fields } = conversion.mapping;
      const problems = checkConversion(conversion, await port.describe(object));
      objects.push({ objectType: 'opportunity', purpose: 'conversion', object, fields: fields.length, isOptional: true, problems });
    }
  } catch (error) {
    if (!(error instanceof CrmFailure)) throw error;
    return {
      name,
      failure: { code: error.code, message: error.message, remedy: CRM_FAILURES[error.code].remedy },
      objects,
      usage: port.usage(),
    };
  }
  return { name, failure: null, objects, usage: port.usage() };
}

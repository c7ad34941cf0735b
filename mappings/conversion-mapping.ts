import type { RemoteObjectDefinition } from '../crm/port.ts';
import { checkMapping, type MappingProblem } from './check-mapping.ts';
import type { ObjectMapping, StageSource } from './field-mapping.ts';

/**
 * What we write on a CRM's opportunities: which registration is the primary, and the whole of those that we make. Where the CRM lacks the shipped fields the rest of
 * the connection goes on without it.
 */
export interface ConversionMapping {
  readonly mapping: ObjectMapping;
  /** The CRM's names of the fields without which nothing of it is possible. */
  readonly shipped: readonly string[];
  readonly stages: StageSource;
  /** Said of an opportunity that a partner brought, where the CRM's picklist has that value; null where there is no such field. */
  readonly leadSource: string | null;
}

/** Everything in which the CRM differs from what conversion relies on; empty when it fits. */
export function checkConversion({ mapping }: ConversionMapping, definition: RemoteObjectDefinition): readonly MappingProblem[] {
  return checkMapping(mapping, definition);
}

/** Whether conversion is possible at all. A field that we cannot fill may refuse new opportunities, and then the CRM says so; without the shipped ones, or the right to change any, nothing can be. */
export function isConvertible(conversion: ConversionMapping, definition: RemoteObjectDefinition): boolean {
  return (
    definition.updateable !== false && !checkConversion(conversion, definition).some(({ field }) => conversion.shipped.includes(field))
  );
}

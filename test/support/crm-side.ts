import type { CrmPort, RemoteFields, RemoteRow } from '../../crm/port.ts';
import type { ConversionMapping } from '../../mappings/conversion-mapping.ts';
import type { CrmMapping } from '../../mappings/crm-mapping.ts';
import { fieldOf, type ObjectMapping } from '../../mappings/field-mapping.ts';

export type TwoWayType = 'partner' | 'registration' | 'task';

export interface CallCounts {
  readonly writes: number;
  readonly reads: number;
}

/** A CRM of a stage: its sandbox, how sync is connected to it, and what people do in it. */
export interface CrmSide {
  readonly connection: string;
  readonly mapping: CrmMapping;
  readonly conversion: ConversionMapping;
  readonly url: string;
  /** A write by sync, as faults name it. */
  readonly writeRoute: { readonly method: string; readonly path: string };
  /** The objects that a connection describes before it does anything else. */
  readonly described: readonly string[];
  readonly people: People;
  connect(): Promise<CrmPort>;
  /** A control call of the sandbox. */
  control(path: string, body: object): Promise<void>;
  calls(): Promise<CallCounts>;
  /** Live records that carry an id of ours, by the CRM's names of the mapped fields. */
  ownRows(objectType: 'partner' | 'registration'): Promise<readonly RemoteFields[]>;
  /** The sandbox back to the shipped definitions, without a record. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Values by our names of the fields, in the CRM's form: lookups are its ids, numbers may be texts, and null is an empty field. */
export type TypedValues = Readonly<Record<string, string | number | null>>;
/** The same as they are read: all texts. */
type ShownValues = Readonly<Record<string, string | null>>;

/** What people do in a CRM, in our words, so that a test need not know which CRM it is. */
export interface People {
  create(objectType: TwoWayType, values: TypedValues): Promise<string>;
  edit(objectType: TwoWayType, remoteId: string, values: TypedValues): Promise<void>;
  read(objectType: TwoWayType, remoteId: string): Promise<ShownValues>;
  /** The live records that carry this id of ours, with their own as `id`. */
  find(objectType: TwoWayType, localId: string): Promise<readonly ShownValues[]>;
  /** The ids of all live records of the object, of ours or not. */
  list(objectType: TwoWayType): Promise<readonly string[]>;
  remove(objectType: TwoWayType, remoteId: string): Promise<void>;
  /** Brings a deleted record back. */
  restore(objectType: TwoWayType, remoteId: string): Promise<void>;
  /** Merges `otherId` into `keptId`; the answer is the id of the record that there is now. */
  merge(objectType: TwoWayType, keptId: string, otherId: string): Promise<string>;
}

/** Typed values by the CRM's names. Throws for a field that is not mapped. */
export function theirNames(mapping: ObjectMapping, values: TypedValues): Record<string, string | number | null> {
  return Object.fromEntries(
    Object.entries(values).map(([ours, value]) => {
      const field = fieldOf(mapping, ours);
      if (field === undefined) throw new Error(`${mapping.object} has no field for ${ours}`);
      return [field.theirs, value];
    }),
  );
}

/** Values of a row by our names, as texts. */
export function ourNames(mapping: ObjectMapping, fields: RemoteRow['fields']): ShownValues {
  return Object.fromEntries(mapping.fields.map(({ ours, theirs }) => [ours, fields[theirs] == null ? null : String(fields[theirs])]));
}

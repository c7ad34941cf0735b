import type { z } from 'zod';
import type { RemoteFields, RemoteValue, RowCondition } from '../crm/port.ts';
import type { CanonicalRecord, FieldPolicy } from '../program/merge-plan.ts';
import type { ObjectType } from '../program/vocabulary.ts';
import type { CanonicalValue, ValueShape } from './codec.ts';
import type { CrmWords } from './crm-words.ts';
import { decodeKnown, encodeKnown } from './known-value.ts';

export interface FieldMapping extends ValueShape {
  readonly ours: string;
  readonly theirs: string;
  readonly policy: FieldPolicy;
  /** What the field points to. Its canonical value is the CRM's id of that record; links turn it into ours. */
  readonly reference?: 'partner' | 'account' | 'opportunity' | 'registration' | 'user';
  /** The CRM's object that a lookup has to be able to lead to, where it leads to several and an administrator says to which. */
  readonly leadsTo?: string;
  /** The values have to be in the CRM's picklist also where it keeps others: one that it does not list would mean nothing there. */
  readonly needsValues?: boolean;
  /** Written when the record is created, and never again; it is not even read. */
  readonly createOnly?: boolean;
  /** Left out where the CRM has no such field, or the user may not write it. */
  readonly isOptional?: boolean;
  /** The value that all our records have there. */
  readonly constant?: string;
  /** Of a field that is theirs: a command of ours may write it, once, and what people set later stands. */
  readonly isCommandable?: boolean;
}

export interface ObjectMapping {
  readonly objectType: ObjectType;
  /** The CRM's name of the object. */
  readonly object: string;
  /** The field that carries our id in the CRM; null for objects that only come in. */
  readonly externalId: { readonly ours: string; readonly theirs: string } | null;
  /** Only rows in which this CRM field is filled belong to the mapping; null takes all. */
  readonly whereNotNull: string | null;
  /** Only rows that fit belong to the mapping, where the object holds others, too; all where it is left out. */
  readonly where?: readonly RowCondition[];
  readonly fields: readonly FieldMapping[];
  /** How people in this CRM call what they have to do; Salesforce's where it is left out. */
  readonly words?: CrmWords;
  /** Adds what follows from several fields together, after each was decoded. */
  readonly complete?: (values: CanonicalRecord) => CanonicalRecord;
  /** Whether a record of theirs, by its values, takes no writes any more: it is still read. */
  readonly isClosedToUs?: (values: CanonicalRecord) => boolean;
  /** The record is an opportunity itself, and the only one of its registration in that CRM. */
  readonly isOpportunity?: true;
  /** Of tasks: the CRM's own kind of note, as which those that ask nothing are made; each decision is left on the record as one, too. */
  readonly notes?: ObjectMapping;
  /** Of opportunities, and of a record that is made as one: where stages say of themselves what they are. */
  readonly stages?: StageSource;
}

/** Where the stages of opportunities say of themselves whether they are closed, and, where there are several pipelines, of which they are and at which place. */
export interface StageSource {
  readonly object: string;
  readonly name: string;
  readonly isClosed: string;
  readonly pipeline?: {
    readonly id: string;
    readonly place: string;
    /** The one that holds no opportunities. */
    readonly except: string;
  };
}

export interface FieldProblem {
  /** The CRM's name of the field. */
  readonly field: string;
  readonly message: string;
  /** The value is a person whom the CRM does not take. */
  readonly isPerson?: true;
}

export interface DecodedRow {
  readonly values: CanonicalRecord;
  readonly problems: readonly FieldProblem[];
}

export interface EncodedRow {
  readonly fields: RemoteFields;
  readonly problems: readonly FieldProblem[];
}

/** The CRM's fields that the mapping reads, and those by which its rows are told from others, each once. */
export function remoteFieldsOf(mapping: ObjectMapping): readonly string[] {
  const read = mapping.fields.filter(({ createOnly }) => createOnly !== true).map(({ theirs }) => theirs);
  const told = (mapping.where ?? []).flatMap((condition) => ('anyOf' in condition ? condition.anyOf : [condition]));
  return [...new Set([...read, ...told.map(({ field }) => field)])];
}

/** What every record of ours has in the CRM beside what it says of itself. */
export function constantsOf(mapping: ObjectMapping): CanonicalRecord {
  return Object.fromEntries(mapping.fields.flatMap(({ ours, constant }) => (constant === undefined ? [] : [[ours, constant]])));
}

/** The field whose name on our side is `ours`; undefined where the mapping has none. */
export function fieldOf(mapping: ObjectMapping, ours: string): FieldMapping | undefined {
  return mapping.fields.find((field) => field.ours === ours);
}

/** The values for which the mapping has a field. */
export function onlyMapped(mapping: ObjectMapping, values: CanonicalRecord): CanonicalRecord {
  return Object.fromEntries(Object.entries(values).filter(([name]) => fieldOf(mapping, name) !== undefined));
}

/**
 * Our form of a CRM row. A field that is missing there stays missing. A value that is not of the expected form is told as a problem and stays
 * missing, too, so that it changes nothing here while the other fields go on; of a field that is ours it is kept as it stands, since an edit
 * that cannot be read is still one that is to be written back. Never throws.
 */
export function decodeRow(mapping: ObjectMapping, fields: RemoteFields): DecodedRow {
  const values: Record<string, CanonicalValue> = {};
  const problems: FieldProblem[] = [];
  for (const { ours, theirs, policy, codec } of mapping.fields) {
    const value = fields[theirs];
    if (value === undefined) continue;
    const decoded = decodeKnown(codec, value);
    if (decoded.success) values[ours] = decoded.data;
    else {
      problems.push({ field: theirs, message: firstIssue(decoded.error) });
      if (policy === 'ours') values[ours] = String(value);
    }
  }
  return { values: mapping.complete?.(values) ?? values, problems };
}

/**
 * The CRM's form of our values. A missing key stays missing, and so does a value that is not of the field's form, which is told as a problem:
 * one bad value does not hold back the rest of its record, nor the other records of a batch. Throws for a name that is not mapped.
 */
export function encodeRow(mapping: ObjectMapping, values: CanonicalRecord): EncodedRow {
  const fields: Record<string, RemoteValue> = {};
  const problems: FieldProblem[] = [];
  for (const [name, value] of Object.entries(values)) {
    const field = fieldOf(mapping, name);
    if (field === undefined) throw new Error(`${mapping.objectType}.${name} is not mapped to ${mapping.object}`);
    const encoded = encodeKnown(field.codec, value);
    if (encoded.success) fields[field.theirs] = encoded.data;
    else problems.push({ field: field.theirs, message: firstIssue(encoded.error) });
  }
  return { fields, problems };
}

/** As `encodeRow`, for values that were checked when they were received: throws where one is not of the field's form. */
export function encodeRecord(mapping: ObjectMapping, values: CanonicalRecord): RemoteFields {
  const { fields, problems } = encodeRow(mapping, values);
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`${mapping.objectType}: ${problem.field} ${problem.message}`);
  return fields;
}

/**
 * As `canonicalise`, for values that may not be of the field's form: such a field is left out, and told as a problem.
 * So one bad value neither reaches the CRM nor holds back the rest of the record.
 */
export function canonicaliseRow(mapping: ObjectMapping, values: CanonicalRecord): DecodedRow {
  const { fields, problems } = encodeRow(mapping, values);
  const decoded = decodeRow({ ...mapping, complete: (same) => same }, fields);
  return { values: decoded.values, problems: [...problems, ...decoded.problems] };
}

/**
 * Our values as they will read once they were in the CRM: trimmed, rounded, cut, sorted. Both sides are compared in this form, so doing it
 * twice changes nothing, and reading back what was written gives it. Throws as `encodeRecord`.
 */
export function canonicalise(mapping: ObjectMapping, values: CanonicalRecord): CanonicalRecord {
  const fields = encodeRecord(mapping, values);
  const { values: decoded, problems } = decodeRow({ ...mapping, complete: (same) => same }, fields);
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`${mapping.objectType}: ${problem.field} ${problem.message}`);
  return decoded;
}

function firstIssue(error: z.core.$ZodError): string {
  return error.issues[0]?.message ?? 'has a value of another form';
}

/** What a formula is compiled to, and what it is evaluated against. */

import { Decimal } from 'decimal.js';
import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import type { StoredRow } from '../store/record-store.ts';

/** As Salesforce names them in its complaints. `Null` is the type of the word NULL, which fits everywhere. */
export type FormulaType = 'Text' | 'Number' | 'Boolean' | 'Date' | 'DateTime' | 'Picklist' | 'Multipicklist' | 'Null';

/** Dates and times are epoch milliseconds, a date those of its midnight in UTC. There is no empty text: it is null. */
export type FormulaValue = string | number | boolean | Decimal | null;

/** Salesforce computes with as many digits as its database has. */
export const FormulaNumber = Decimal.clone({ precision: 40, rounding: Decimal.ROUND_HALF_UP, toExpNeg: -99, toExpPos: 99 });

/** The record that a formula is asked of, and the moment. */
export interface Evaluation {
  /** As it would be saved. */
  readonly row: StoredRow;
  /** As it was; null for a new record. */
  readonly before: StoredRow | null;
  readonly userId: string;
  readonly nowMs: number;
  readonly find: (definition: SObjectDefinition, id: string) => StoredRow | null;
  /** Whether that user has a custom permission; nobody has one where it is left out. */
  readonly holds?: (customPermission: string) => boolean;
}

export interface Expression {
  readonly type: FormulaType;
  readonly evaluate: (at: Evaluation) => FormulaValue;
  /** The value, where the formula states it. */
  readonly literal?: string | Decimal;
  /** The field that is named, with or without a path to it. */
  readonly field?: SObjectField;
  /** True for a field of the record itself, of which the org knows what it was. */
  readonly isOwn?: boolean;
}

/** Why a formula cannot be saved, in Salesforce's words. Compilation is deep recursion: the exception stays in this folder. */
export class FormulaProblem extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FormulaProblem';
  }
}

/** Why a formula came to nothing on this record, such as a division by zero. */
export class FormulaFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FormulaFailure';
  }
}

export function textOf(text: string): string | null {
  return text === '' ? null : text;
}

export function picklistProblem(expression: Expression): FormulaProblem {
  const name = expression.field?.name ?? '';
  return new FormulaProblem(`Field ${name} is a picklist field. Picklist fields are only supported in certain functions.`);
}

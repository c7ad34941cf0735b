/** Refusals by the rules of an org, as Salesforce words them. What was found in public sources and what not: DIFFERENCES.md. */

import type { SObjectDefinition } from '../schema/definition.ts';
import type { ApiError } from './api-error.ts';
import { recordUrl } from './record.ts';

/** What one matching rule found: records with the columns that are told of them. */
export interface DuplicateMatch {
  readonly rule: string;
  readonly engine: 'ExactMatchEngine' | 'FuzzyMatchEngine';
  readonly records: readonly Readonly<Record<string, string | number | null>>[];
}

function error(errorCode: string, message: string, fields?: readonly string[]): ApiError {
  return { status: 400, errorCode, message, ...(fields === undefined ? {} : { fields }) };
}

/** The record sits in an approval, or was left locked by one. */
export const ENTITY_LOCKED = error('ENTITY_IS_LOCKED', 'the entity is locked for editing', []);
export const ALREADY_IN_PROCESS = error('ALREADY_IN_PROCESS', 'Cannot submit object already in process.');
export const NO_APPLICABLE_PROCESS = error('NO_APPLICABLE_PROCESS', 'No applicable approval process was found.');
/** Nobody stands in the field that names the approver. */
export const MANAGER_NOT_DEFINED = error('MANAGER_NOT_DEFINED', 'No applicable approval process was found.');
export const INSUFFICIENT_ACCESS = error('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id', []);

/** A validation rule of the org, in its own words. */
export function validationFailed(message: string, displayField: string | null): ApiError {
  return error('FIELD_CUSTOM_VALIDATION_EXCEPTION', message, displayField === null ? [] : [displayField]);
}

/** A validation rule that fails to be evaluated, such as by a division by zero. */
export function validationFormulaInvalid(rule: string, reason: string): ApiError {
  return error('FIELD_CUSTOM_VALIDATION_EXCEPTION', `Validation Formula "${rule}" Invalid (${reason})`, []);
}

export function nextApproversMissing(): ApiError {
  return error('REQUIRED_FIELD_MISSING', 'missing required field: [nextApproverIds]', ['nextApproverIds']);
}

export function processFormulaInvalid(reason: string): ApiError {
  const message = `The formula in the rule or process is invalid due to the following: <br/>${reason}`;
  return error('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', message, []);
}

/** A duplicate rule that does not let the record pass. */
export function duplicatesDetected(
  rule: { readonly name: string; readonly message: string },
  { name: entityType }: SObjectDefinition,
  allowSave: boolean,
  matches: readonly DuplicateMatch[],
  version: string,
): ApiError {
  const matchResults = matches.map(({ rule: matchingRule, engine, records }) => ({
    entityType,
    errors: [],
    matchEngine: engine,
    matchRecords: records.map((record) => ({
      additionalInformation: [],
      fieldDiffs: [],
      matchConfidence: 100,
      record: { attributes: { type: entityType, url: recordUrl(version, entityType, String(record['Id'])) }, ...record },
    })),
    rule: matchingRule,
    size: records.length,
    success: true,
  }));
  return {
    status: 400,
    errorCode: 'DUPLICATES_DETECTED',
    message: rule.message,
    duplicateResult: { allowSave, duplicateRule: rule.name, duplicateRuleEntityType: entityType, errorMessage: rule.message, matchResults },
  };
}

/** A lookup that forbids to delete what it leads to. */
export function deleteFailed(name: string, child: SObjectDefinition, holders: readonly string[]): ApiError {
  const message = `Your attempt to delete ${name} could not be completed because it is associated with the following ${child.labelPlural.toLowerCase()}.: ${holders.join(', ')}`;
  return error('DELETE_FAILED', message, []);
}

/** A flow or trigger of the org that failed within the save. */
export function automationFailed(reason: string): ApiError {
  return error('CANNOT_EXECUTE_FLOW_TRIGGER', `We can't save this record because a process failed. ${reason}`, []);
}

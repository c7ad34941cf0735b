/** Refusals as Salesforce words them. Wording and codes: REST API Developer Guide, "Status Codes and Error Responses", and what clients record. */

import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';

export interface ApiError {
  readonly status: number;
  readonly errorCode: string;
  readonly message: string;
  /** Undefined where Salesforce leaves the key out. */
  readonly fields?: readonly string[];
  /** Which records a duplicate rule found. */
  readonly duplicateResult?: object;
}

function error(status: number, errorCode: string, message: string, fields?: readonly string[]): ApiError {
  return { status, errorCode, message, ...(fields === undefined ? {} : { fields }) };
}

export const SESSION_INVALID = error(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
export const RESOURCE_UNKNOWN = error(404, 'NOT_FOUND', 'The requested resource does not exist');
export const API_DISABLED = error(403, 'API_DISABLED_FOR_ORG', 'The REST API is not enabled for this Organization.');
/** A lead that was converted is closed to whoever lacks the permission _View and Edit Converted Leads_. */
export const CONVERTED_LEAD = error(400, 'CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead', []);
export const RECORD_DELETED = error(404, 'ENTITY_IS_DELETED', 'entity is deleted', []);
export const LIMIT_EXCEEDED = error(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
export const LOCATOR_INVALID = error(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
export const CROSS_REFERENCE_INVALID = error(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', []);
export const ID_IN_BODY = error(400, 'INVALID_FIELD', 'The Id field should not be specified in the sobject data.');
export const ID_MISSING = error(400, 'MISSING_ARGUMENT', 'Id not specified in an update call', []);
export const UNSUPPORTED_BODY = error(415, 'UNSUPPORTED_MEDIA_TYPE', 'The content type of the body is not supported; application/json is');
export const URI_TOO_LONG = error(414, 'URI_TOO_LONG', 'The URI is longer than 16,384 characters');
export const ROLLED_BACK = error(
  400,
  'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  'Record rolled back because not all records were valid and the request was using AllOrNone header',
  [],
);

export function methodNotAllowed(method: string): ApiError {
  return error(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${method}' not allowed. Allowed are HEAD,GET,POST,PATCH,DELETE`);
}

export function notBuilt(name: string): ApiError {
  return error(501, 'NOT_IMPLEMENTED', `${name} is not built in this sandbox`);
}

export function unreadableJson(detail: string): ApiError {
  return error(400, 'JSON_PARSER_ERROR', detail);
}

/** A JSON value that cannot become the field's type. Salesforce names the parser's token, not the field. */
export function undeserializable(type: string, value: unknown): ApiError {
  const token = Array.isArray(value) ? 'START_ARRAY' : value !== null && typeof value === 'object' ? 'START_OBJECT' : scalarToken(value);
  const shown = typeof value === 'object' ? (Array.isArray(value) ? '[' : '{') : JSON.stringify(value).replace(/^"|"$/g, '');
  return unreadableJson(
    `Cannot deserialize instance of ${type} from ${token} value ${shown} or request may be missing a required field at [line:1, column:2]`,
  );
}

function scalarToken(value: unknown): string {
  if (typeof value === 'string') return 'VALUE_STRING';
  if (typeof value === 'boolean') return value ? 'VALUE_TRUE' : 'VALUE_FALSE';
  return Number.isInteger(value) ? 'VALUE_NUMBER_INT' : 'VALUE_NUMBER_FLOAT';
}

export function unknownColumn(definition: SObjectDefinition, name: string): ApiError {
  return error(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${definition.name}`);
}

export function unknownExternalId(name: string): ApiError {
  return error(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${name}`);
}

export function unknownParent(value: string, fieldName: string, entity: string): ApiError {
  return error(400, 'INVALID_FIELD', `Foreign key external ID: ${value} not found for field ${fieldName} in entity ${entity}`, []);
}

export function malformedId(text: string): ApiError {
  return error(400, 'MALFORMED_ID', `bad id ${text}`, ['Id']);
}

export function malformedLookup(field: SObjectField, text: string): ApiError {
  return error(400, 'MALFORMED_ID', `${field.label}: id value of incorrect type: ${text}`, [field.name]);
}

/** A well-formed id of an object to which the lookup does not lead. */
export function wrongParentType(field: SObjectField, id: string): ApiError {
  return error(400, 'FIELD_INTEGRITY_EXCEPTION', `${field.label}: id value of incorrect type: ${id}`, [field.name]);
}

export function inactiveOwner(definition: SObjectDefinition, userId: string): ApiError {
  const message = `operation performed with inactive user [${userId}] as owner of ${definition.label.toLowerCase()}`;
  return error(400, 'INACTIVE_OWNER_OR_USER', message, ['OwnerId']);
}

export function readOnlyFields(names: readonly string[]): ApiError {
  const message = `Unable to create/update fields: ${names.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`;
  return error(400, 'INVALID_FIELD_FOR_INSERT_UPDATE', message, names);
}

export function requiredFieldsMissing(names: readonly string[]): ApiError {
  return error(400, 'REQUIRED_FIELD_MISSING', `Required fields are missing: [${names.join(', ')}]`, names);
}

export function badPicklistValue(field: SObjectField, value: string): ApiError {
  const message = `${field.label}: bad value for restricted picklist field: ${value}`;
  return error(400, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, [field.name]);
}

/** A kind of record that is another object's, or that nobody may use. */
export function badRecordType(id: string): ApiError {
  return error(400, 'INVALID_CROSS_REFERENCE_KEY', `Record Type ID: this ID value isn't valid for the user: ${id}`, ['RecordTypeId']);
}

export function tooLong(field: SObjectField, value: string): ApiError {
  return error(400, 'STRING_TOO_LONG', `${field.label}: data value too large: ${value} (max length=${field.length})`, [field.name]);
}

export function wrongType(field: SObjectField, value: string): ApiError {
  return error(400, 'INVALID_TYPE_ON_FIELD_IN_RECORD', `${field.label}: value not of required type: ${value}`, [field.name]);
}

export function outsideRange(field: SObjectField, value: number): ApiError {
  return error(400, 'NUMBER_OUTSIDE_VALID_RANGE', `${field.label}: value outside of valid range on numeric field: ${value}`, [field.name]);
}

export function badEmail(field: SObjectField, value: string): ApiError {
  return error(400, 'INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${value}`, [field.name]);
}

export function duplicateValue(field: SObjectField, otherId: string): ApiError {
  return error(400, 'DUPLICATE_VALUE', `duplicate value found: ${field.name} duplicates value on record with id: ${otherId}`, []);
}

export function duplicateInRequest(value: string): ApiError {
  return error(400, 'DUPLICATE_VALUE', `Duplicate external id specified: ${value}`, []);
}

export function rowLocked(id: string | null): ApiError {
  return error(400, 'UNABLE_TO_LOCK_ROW', `unable to obtain exclusive access to this record or 1 records: ${id ?? ''}`.trimEnd(), []);
}

/** The user has no right to do this with records of the object. An entity that cannot be inserted is told of the object, the others of the record. */
export function noRightTo(definition: SObjectDefinition, operation: 'create' | 'update' | 'delete'): ApiError {
  if (operation === 'create')
    return error(400, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type cannot be inserted: ${definition.label}`, []);
  return error(403, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id', []);
}

/** Ids have 15 characters in this message. */
export function noAccessToParent(id: string): ApiError {
  const message = `insufficient access rights on cross-reference id: ${id.slice(0, 15)}`;
  return error(400, 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY', message, []);
}

/** A permission set gives only what there is to give, and whatever a right needs with it. */
export function badPermission(fieldName: string, value: string): ApiError {
  return error(400, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', `bad value for restricted picklist field: ${value}`, [fieldName]);
}

export function permissionNeeds(right: string, needed: readonly string[], of: string): ApiError {
  const message = `Permission ${right} ${of} depends on permission(s): ${needed.map((each) => `${each} ${of}`).join(', ')}`;
  return error(400, 'FIELD_INTEGRITY_EXCEPTION', message, []);
}

export function duplicateAssignment(setId: string, userId: string): ApiError {
  const message = `Duplicate PermissionSetAssignment. Assignee: ${userId.slice(0, 15)}; Permission Set: ${setId.slice(0, 15)}`;
  return error(400, 'DUPLICATE_VALUE', message, ['AssigneeId', 'PermissionSetId']);
}

/** What belongs to a profile is changed with it alone. */
export function ownedByProfile(id: string): ApiError {
  return error(400, 'FIELD_INTEGRITY_EXCEPTION', `${id.slice(0, 15)} is the permission set of a profile`, ['PermissionSetId']);
}

/** An operation that the object does not offer, such as deleting a user. */
export function operationRefused(definition: SObjectDefinition, operation: 'create' | 'update' | 'delete'): ApiError {
  return error(400, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type ${definition.name} does not support ${operation}`, []);
}

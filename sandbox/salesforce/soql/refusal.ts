import { placeOf, pointAt, type SourceText } from './source-text.ts';

/** How far a name was looked for: the clause under which its place is searched. */
export type Clause = 'SELECT' | 'FROM' | 'WHERE' | 'GROUP' | 'HAVING' | 'ORDER';

/**
 * A query that Salesforce would refuse. Compilation is deep recursion, so it travels as an exception inside this folder only:
 * `runQuery` turns it into a returned outcome.
 */
export class SoqlRefusal extends Error {
  readonly errorCode: string;

  constructor(errorCode: string, message: string) {
    super(message);
    this.name = 'SoqlRefusal';
    this.errorCode = errorCode;
  }
}

/** A refusal that points at `word` in its clause. */
export function refuseAt(source: SourceText, word: string, clause: Clause, errorCode: string, detail: string): SoqlRefusal {
  return new SoqlRefusal(errorCode, pointAt(source, placeOf(source, word, clause), detail));
}

const CONSULT = 'Please reference your WSDL or the describe call for the appropriate names.';

/** INVALID_TYPE: an object that the org does not have. */
export function unknownObject(source: SourceText, name: string): SoqlRefusal {
  const detail = `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. ${CONSULT}`;
  return refuseAt(source, name, 'FROM', 'INVALID_TYPE', detail);
}

/** INVALID_FIELD: a column that `entity` does not have; `path` is what the query wrote. */
export function unknownColumn(source: SourceText, path: string, column: string, entity: string, clause: Clause): SoqlRefusal {
  const detail = `No such column '${column}' on entity '${entity}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. ${CONSULT}`;
  return refuseAt(source, path, clause, 'INVALID_FIELD', detail);
}

/** INVALID_FIELD: a parent that cannot be reached under this name. */
export function unknownParent(source: SourceText, path: string, relationship: string, clause: Clause): SoqlRefusal {
  const detail = `Didn't understand relationship '${relationship}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. ${CONSULT}`;
  return refuseAt(source, path, clause, 'INVALID_FIELD', detail);
}

/** INVALID_TYPE: a child relationship that the object does not have. */
export function unknownChildren(source: SourceText, relationship: string): SoqlRefusal {
  const detail = `Didn't understand relationship '${relationship}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. ${CONSULT}`;
  return refuseAt(source, relationship, 'SELECT', 'INVALID_TYPE', detail);
}

/** MALFORMED_QUERY at a word that the grammar does not allow there. */
export function unexpectedToken(source: SourceText, offset: number, token: string): SoqlRefusal {
  return new SoqlRefusal('MALFORMED_QUERY', pointAt(source, offset, `unexpected token: '${token === '' ? '<EOF>' : token}'`));
}

/** A construct of SOQL that the sandbox does not build, refused by name instead of answered wrongly. */
export function notBuilt(construct: string): SoqlRefusal {
  return new SoqlRefusal('NOT_IMPLEMENTED', `${construct} is not built in this sandbox`);
}

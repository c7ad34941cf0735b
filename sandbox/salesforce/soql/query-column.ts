/** What a query answers with, column by column, without its rows: the answer to `columns=true`, which command-line tools ask for to lay out a table. */

import type { SObjectField, SObjectFieldType } from '../schema/definition.ts';
import { compileAggregateQuery, isAggregateQuery, isBareCount, type AggregateColumn } from './aggregate-query.ts';
import { openQuery, type Question } from './open-query.ts';
import type { AnswerPart } from './record-plan.ts';
import { compileRecordQuery } from './record-query.ts';
import { SoqlRefusal } from './refusal.ts';

export interface QueryColumn {
  readonly aggregate: boolean;
  readonly apexType: string | null;
  readonly booleanType: boolean;
  readonly columnName: string;
  readonly custom: boolean;
  readonly displayName: string;
  readonly foreignKeyName: null;
  readonly insertable: boolean;
  /** The columns of a parent, or of children. */
  readonly joinColumns: readonly QueryColumn[];
  readonly numberType: boolean;
  readonly textType: boolean;
  readonly updatable: boolean;
}

export type ColumnOutcome =
  { readonly kind: 'columns'; readonly answer: object } | { readonly kind: 'error'; readonly errorCode: string; readonly message: string };

/** The columns of a query, or the refusal that the query itself would meet. No row is read. */
export function describeColumns(question: Question): ColumnOutcome {
  try {
    const { scope, query } = openQuery(question);
    const isAggregate = isAggregateQuery(query) && !isBareCount(query);
    const columnMetadata = isBareCount(query)
      ? []
      : isAggregate
        ? compileAggregateQuery(scope, query).columns.map(aggregateColumn)
        : compileRecordQuery(scope, query).plan.parts.map(columnOfPart);
    const answer = {
      columnMetadata,
      entityName: scope.definition.name,
      groupBy: query.groupBy !== undefined,
      idSelected: columnMetadata.some(({ columnName }) => columnName === 'Id'),
      keyPrefix: scope.definition.keyPrefix,
    };
    return { kind: 'columns', answer };
  } catch (error) {
    if (error instanceof SoqlRefusal) return { kind: 'error', errorCode: error.errorCode, message: error.message };
    throw error;
  }
}

function columnOfPart(part: AnswerPart): QueryColumn {
  switch (part.kind) {
    case 'value':
      return { ...typed(part.name, part.type), ...accessOf(part.field) };
    case 'parent':
      return { ...typed(part.name, null), joinColumns: part.plan.parts.map(columnOfPart) };
    case 'choice':
      return { ...typed(part.name, null), joinColumns: part.choices.flatMap((choice) => choice.plan.parts.map(columnOfPart)) };
    case 'children':
      return { ...typed(part.name, null), aggregate: true, joinColumns: part.query.plan.parts.map(columnOfPart) };
  }
}

function aggregateColumn({ name, type, aggregate, written }: AggregateColumn): QueryColumn {
  return { ...typed(name, type), aggregate, displayName: aggregate ? written : name };
}

function accessOf(field: SObjectField): Pick<QueryColumn, 'custom' | 'insertable' | 'updatable'> {
  return { custom: field.name.endsWith('__c'), insertable: field.createable, updatable: field.updateable };
}

function typed(name: string, type: SObjectFieldType | null): QueryColumn {
  const apexType = type === null ? null : apexTypeOf(type);
  return {
    aggregate: false,
    apexType,
    booleanType: apexType === 'Boolean',
    columnName: name,
    custom: /__[cr]$/.test(name),
    displayName: name,
    foreignKeyName: null,
    insertable: false,
    joinColumns: [],
    numberType: apexType === 'Integer' || apexType === 'Double',
    textType: apexType === 'String',
    updatable: false,
  };
}

function apexTypeOf(type: SObjectFieldType): string {
  switch (type) {
    case 'id':
    case 'reference':
      return 'Id';
    case 'boolean':
      return 'Boolean';
    case 'int':
      return 'Integer';
    case 'double':
    case 'currency':
    case 'percent':
      return 'Double';
    case 'date':
      return 'Date';
    case 'datetime':
      return 'Datetime';
    case 'string':
    case 'textarea':
    case 'picklist':
    case 'multipicklist':
    case 'email':
    case 'phone':
    case 'url':
      return 'String';
  }
}

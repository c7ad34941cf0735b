/** Whether what a component names exists in the org as it would be. Wordings as public deployments show them, ours elsewhere (DIFFERENCES.md). */

import type { z } from 'zod';
import { addressOf } from '../access/permissionable.ts';
import { findField } from '../schema/catalogue.ts';
import type { FormulaScope } from '../formula/reference.ts';
import type { Schema } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import { fieldOfColumn } from '../screen/column-name.ts';
import { layoutFile } from '../screen/layout.ts';
import { listViewFile } from '../screen/list-view.ts';
import { quickActionFile } from '../screen/quick-action.ts';
import { approvalProcessFile } from '../schema/approval-process.ts';
import { duplicateRuleFile, matchingRulesFile, problemOfFilter, problemOfMethod } from '../schema/duplicate-rule.ts';
import { workflowFile } from '../schema/field-update.ts';
import { noObject, shapeProblem } from './check-object.ts';
import { problemsOfApproval, problemsOfFormulaField, problemsOfValidation, problemsOfWorkflow } from './check-rule.ts';
import type { Component, Components } from './component.ts';
import { componentKey, objectNameOf } from './component.ts';
import { hasField, objectNamed, valuesAt } from './reference.ts';
import type { FoundValue } from './reference.ts';
import { elementsIn, textIn } from './xml.ts';
import type { XmlElement } from './xml.ts';

export interface ReferenceProblem {
  readonly problem: string;
  /** Where in the component. */
  readonly element: XmlElement;
}

/** The org as it would be after the deployment. */
export interface PlannedOrg {
  readonly schema: Schema;
  readonly components: Components;
}

/** What a named value has to be; null where it is. */
type Check = (org: PlannedOrg, owner: string, value: string) => string | null;

const isObject: Check = ({ schema }, _owner, value) => (objectNamed(schema, value) === null ? noObject(value) : null);
const isOwnField: Check = ({ schema }, owner, value) => {
  const definition = objectNamed(schema, owner);
  if (definition === null) return noObject(owner);
  return hasField(definition, value) ? null : `In field: field - no CustomField named ${owner}.${value} found`;
};
const isQualifiedField: Check = (org, _owner, value) => {
  const [object = '', field = ''] = value.split('.');
  return field === '' ? `In field: field - ${value} names no field` : isOwnField(org, object, field);
};
const isColumn: Check = ({ schema }, owner, value) => {
  const definition = objectNamed(schema, owner);
  return definition !== null && fieldOfColumn(definition, value) !== null ? null : `Could not resolve list view column: ${value}`;
};
const isRecordItem: Check = (org, owner, value) => isOwnField(org, owner, value.replace(/^(\{!)?Record\.|\}$/g, ''));
/** Report columns of custom report types: `Object__c$Field__c`; others are the report type's own names. */
const isReportColumn: Check = (org, _owner, value) => {
  const [object = '', field = ''] = value.split('$');
  if (!object.endsWith('__c') || field === '' || object === 'CustomEntity') return null;
  return isOwnField(org, object, field.split('.', 1)[0] ?? field) === null ? null : `reports-Invalid field name: ${value}`;
};
const isComponent =
  (type: string): Check =>
  ({ components }, _owner, value) =>
    components.has(componentKey(type, value)) ? null : `In field: ${type} - no ${type} named ${value} found`;
const isChannel: Check = (org, owner, value) => (value === 'ChangeEvents' ? null : isComponent('PlatformEventChannel')(org, owner, value));
const isChangeEvent: Check = ({ schema }, _owner, value) => {
  const name = /^(.*)ChangeEvent$/.exec(value)?.[1] ?? '';
  const object = objectNamed(schema, name.endsWith('__') ? `${name}c` : name);
  return object === null ? `The selected entity, ${value}, is not valid or change data capture does not support it.` : null;
};
const isCompactLayout: Check = (org, owner, value) =>
  value === 'SYSTEM' ? null : isComponent('CompactLayout')(org, owner, `${owner}.${value}`);
/** Actions of the object itself; what else a layout names may be an action that every org has. */
const isAction: Check = (org, owner, value) => (value.startsWith(`${owner}.`) ? isComponent('QuickAction')(org, owner, value) : null);
const isReportType: Check = (org, owner, value) => {
  if (value.startsWith('CustomEntity$')) return isObject(org, owner, value.slice('CustomEntity$'.length).split('$', 1)[0] ?? '');
  return value.endsWith('__c') ? isComponent('ReportType')(org, owner, value.replace(/__c$/, '')) : null;
};

interface Rules {
  /** The object on which fields are looked for. */
  readonly owner: (component: Component) => string;
  readonly shape?: z.ZodType<unknown>;
  readonly checks: Readonly<Record<string, Check>>;
}

const ofObject = (component: Component) => objectNameOf(component);
const nowhere = () => '';
const stated = (element: string) => (component: Component) => textIn(component.content, element) ?? '';

const RULES: Readonly<Record<string, Rules>> = {
  CustomObject: {
    owner: ofObject,
    checks: {
      'searchLayouts.searchResultsAdditionalFields': isColumn,
      compactLayoutAssignment: isCompactLayout,
    },
  },
  CustomField: {
    owner: ofObject,
    checks: { 'valueSet.valueSetName': isComponent('GlobalValueSet'), 'valueSet.controllingField': isOwnField },
  },
  CompactLayout: { owner: ofObject, checks: { fields: isOwnField } },
  FieldSet: { owner: ofObject, checks: { 'displayedFields.field': isOwnField, 'availableFields.field': isOwnField } },
  ListView: { owner: ofObject, shape: listViewFile, checks: { columns: isColumn, 'filters.field': isColumn, queue: isComponent('Queue') } },
  RecordType: { owner: ofObject, checks: { 'picklistValues.picklist': isOwnField } },
  ValidationRule: { owner: ofObject, checks: { errorDisplayField: isOwnField } },
  DuplicateRule: { owner: ofObject, shape: duplicateRuleFile, checks: { 'duplicateRuleMatchRules.matchRuleSObjectType': isObject } },
  MatchingRules: {
    owner: ofObject,
    shape: matchingRulesFile,
    checks: {
      'matchingRules.matchingRuleItems.fieldName': isOwnField,
      'matchingRules.matchingRuleItems.matchingMethod': (_org, _owner, value) => problemOfMethod(value),
      'matchingRules.booleanFilter': (_org, _owner, value) => problemOfFilter(value),
    },
  },
  Workflow: { owner: ofObject, shape: workflowFile, checks: { 'fieldUpdates.field': isOwnField } },
  ApprovalProcess: {
    owner: ofObject,
    shape: approvalProcessFile,
    checks: {},
  },
  Layout: {
    owner: ({ fullName }) => fullName.split('-', 1)[0] ?? '',
    shape: layoutFile,
    checks: {
      'layoutSections.layoutColumns.layoutItems.field': isOwnField,
      'relatedLists.relatedList': isRelatedList,
      'platformActionList.platformActionListItems.actionName': isAction,
    },
  },
  QuickAction: {
    owner: (component) => textIn(component.content, 'targetObject') ?? objectNameOf(component),
    shape: quickActionFile,
    checks: {
      targetObject: isObject,
      'fieldOverrides.field': isOwnField,
      'quickActionLayout.quickActionLayoutColumns.quickActionLayoutItems.field': isOwnField,
    },
  },
  PermissionSet: {
    owner: nowhere,
    checks: {
      'fieldPermissions.field': isQualifiedField,
      'objectPermissions.object': isObject,
      'tabSettings.tab': (org, owner, value) => (value.startsWith('standard-') ? null : isComponent('CustomTab')(org, owner, value)),
      'customPermissions.name': isComponent('CustomPermission'),
      'recordTypeVisibilities.recordType': isComponent('RecordType'),
      'applicationVisibilities.application': isComponent('CustomApplication'),
    },
  },
  PathAssistant: {
    owner: stated('entityName'),
    checks: { entityName: isObject, fieldName: isOwnField, 'pathAssistantSteps.fieldNames': isOwnField },
  },
  Queue: { owner: nowhere, checks: { 'queueSobject.sobjectType': isObject } },
  PlatformEventChannelMember: {
    owner: (component) => (textIn(component.content, 'selectedEntity') ?? '').replace(/ChangeEvent$/, '').replace(/__$/, '__c'),
    checks: { eventChannel: isChannel, selectedEntity: isChangeEvent, 'enrichedFields.name': isOwnField },
  },
  FlexiPage: {
    owner: stated('sobjectType'),
    checks: {
      sobjectType: isObject,
      'flexiPageRegions.itemInstances.fieldInstance.fieldItem': isRecordItem,
      'flexiPageRegions.itemInstances.componentInstance.visibilityRule.criteria.leftValue': isRecordItem,
    },
  },
  CustomApplication: {
    owner: nowhere,
    checks: { tabs: (org, owner, value) => (value.startsWith('standard-') ? null : isComponent('CustomTab')(org, owner, value)) },
  },
  ReportType: { owner: stated('baseObject'), checks: { baseObject: isObject } },
  Report: {
    owner: nowhere,
    checks: {
      reportType: isReportType,
      'columns.field': isReportColumn,
      'groupingsDown.field': isReportColumn,
      'chart.groupingColumn': isReportColumn,
      'chart.secondaryGroupingColumn': isReportColumn,
      'timeFrameFilter.dateColumn': isReportColumn,
      'filter.criteriaItems.column': isReportColumn,
    },
  },
};

function isRelatedList(org: PlannedOrg, owner: string, value: string): string | null {
  return value.includes('.') && value.includes('__c') ? isQualifiedField(org, owner, value) : null;
}

/** Everything that `component` names and `org` has not. */
export function problemsOfReferences(org: PlannedOrg, component: Component): readonly ReferenceProblem[] {
  const rules = RULES[component.type];
  const { content } = component;
  const shape = rules?.shape === undefined ? null : shapeProblem(component, rules.shape);
  if (shape !== null) return [{ problem: shape, element: content }];
  const named = Object.entries(rules?.checks ?? {}).flatMap(([path, check]) =>
    valuesAt(content, path).flatMap((found) => tell(check(org, rules?.owner(component) ?? '', found.value), found)),
  );
  return [...named, ...specialProblems(org, component)];
}

function tell(problem: string | null, { element }: FoundValue): readonly ReferenceProblem[] {
  return problem === null ? [] : [{ problem, element }];
}

/** What a path and a check do not say. */
function specialProblems(org: PlannedOrg, component: Component): readonly ReferenceProblem[] {
  const { content, type } = component;
  const definition = objectNamed(org.schema, RULES[type]?.owner(component) ?? '');
  switch (type) {
    case 'CustomObject':
      return elementsIn(content, 'actionOverrides')
        .filter((each) => textIn(each, 'type')?.toLowerCase() === 'flexipage')
        .flatMap((each) => valuesAt(each, 'content').flatMap((found) => tell(isComponent('FlexiPage')(org, '', found.value), found)));
    case 'CustomTab': {
      const isOfObject = textIn(content, 'customObject') === 'true' && objectNamed(org.schema, component.fullName) === null;
      return isOfObject ? [{ problem: noObject(component.fullName), element: content }] : [];
    }
    case 'ValidationRule':
      return problemsOfRule(org.schema, definition, component, problemsOfValidation);
    case 'Workflow':
      return problemsOfRule(org.schema, definition, component, problemsOfWorkflow);
    case 'ApprovalProcess':
      return problemsOfRule(org.schema, definition, component, problemsOfApproval);
    case 'CustomField':
      if (textIn(content, 'formula') !== null) return problemsOfRule(org.schema, definition, component, problemsOfFormulaField);
      return textIn(content, 'trackHistory') === 'true' && definition !== null && tracksTooMany(definition)
        ? [{ problem: `The object ${definition.name} tracks the history of more than ${MOST_TRACKED} fields`, element: content }]
        : [];
    case 'RecordType':
      return elementsIn(content, 'picklistValues').flatMap((each) =>
        problemsOfValues(definition, textIn(each, 'picklist') ?? '', valuesAt(each, 'values.fullName')),
      );
    case 'PathAssistant':
      return problemsOfValues(definition, textIn(content, 'fieldName') ?? '', valuesAt(content, 'pathAssistantSteps.picklistValueName'));
    case 'PermissionSet':
      return valuesAt(content, 'fieldPermissions.field').flatMap((found) => tell(requiredProblem(org.schema, found.value), found));
    case 'ReportType':
      return elementsIn(content, 'sections').flatMap((section) =>
        elementsIn(section, 'columns').flatMap((column) => {
          const [table, field] = [textIn(column, 'table') ?? '', textIn(column, 'field') ?? ''];
          return objectNamed(org.schema, table) === null
            ? []
            : tell(isOwnField(org, table, field.split('.', 1)[0] ?? ''), { value: field, element: column });
        }),
      );
    default:
      return [];
  }
}

/** "You can track up to 20 fields per object." */
const MOST_TRACKED = 20;

/** The columns of an address count as the one field that metadata knows. */
function tracksTooMany(definition: SObjectDefinition): boolean {
  const tracked = definition.fields.filter((field) => field.trackHistory).map((field) => addressOf(definition, field.name) ?? field.name);
  return new Set(tracked).size > MOST_TRACKED;
}

function problemsOfRule(
  schema: Schema,
  definition: SObjectDefinition | null,
  component: Component,
  check: (component: Component, scope: FormulaScope) => readonly string[],
): readonly ReferenceProblem[] {
  const { content } = component;
  if (definition === null) return [{ problem: noObject(objectNameOf(component)), element: content }];
  return check(component, { schema, definition }).map((problem) => ({ problem, element: content }));
}

function problemsOfValues(
  definition: SObjectDefinition | null,
  picklist: string,
  values: readonly FoundValue[],
): readonly ReferenceProblem[] {
  const field = definition === null ? null : findField(definition, picklist);
  if (field === null) return [];
  return values
    .filter(({ value }) => !field.picklistValues.some((each) => each.value === decodeURIComponent(value)))
    .map(({ value, element }) => ({ problem: `Picklist value: ${value} in picklist: ${picklist} not found`, element }));
}

function requiredProblem(schema: Schema, name: string): string | null {
  const [object = '', fieldName = ''] = name.split('.');
  const definition = objectNamed(schema, object);
  const field = definition === null ? null : findField(definition, fieldName);
  const isRequired = field !== null && field.name.endsWith('__c') && !field.nillable && field.type !== 'boolean';
  return isRequired ? `You cannot deploy to a required field: ${name}` : null;
}

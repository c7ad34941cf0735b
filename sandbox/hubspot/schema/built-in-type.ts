/** HubSpot's own objects as far as this portal has them, each with the properties that syncs meet. */

import type { ObjectDefinition, ObjectType } from './object-type.ts';
import type { Property, PropertyOption } from './property.ts';

type Kind = readonly [type: Property['type'], fieldType: Property['fieldType']];
const TEXT: Kind = ['string', 'text'];
const LONG: Kind = ['string', 'textarea'];
const NUMBER: Kind = ['number', 'number'];
const DATE_TIME: Kind = ['datetime', 'date'];
const CHOICE: Kind = ['enumeration', 'select'];
const PHONE: Kind = ['string', 'phonenumber'];
const YES_OR_NO: Kind = ['bool', 'calculation_equation'];

type Trait = 'read-only' | 'unique' | 'external' | 'calculated';
type Row = readonly [name: string, label: string, kind: Kind, traits?: readonly Trait[], options?: readonly string[]];

const OWNER: Row = ['hubspot_owner_id', 'Owner', CHOICE, ['external']];
const ADDRESS: readonly Row[] = [
  ['phone', 'Phone Number', PHONE],
  ['address', 'Street Address', TEXT],
  ['city', 'City', TEXT],
  ['state', 'State/Region', TEXT],
  ['zip', 'Postal Code', TEXT],
  ['country', 'Country/Region', TEXT],
  ['website', 'Website URL', TEXT],
];

interface BuiltIn {
  readonly type: Pick<ObjectType, 'id' | 'name' | 'singular' | 'createdProperty' | 'modifiedProperty' | 'defaultProperties'> & {
    readonly pipelineProperties?: ObjectType['pipelineProperties'];
    readonly searchableProperties: readonly string[];
  };
  readonly rows: readonly Row[];
}

const BUILT_INS: readonly BuiltIn[] = [
  {
    type: {
      id: '0-1',
      name: 'contacts',
      singular: 'contact',
      createdProperty: 'createdate',
      modifiedProperty: 'lastmodifieddate',
      defaultProperties: ['email', 'firstname', 'lastname'],
      searchableProperties: ['firstname', 'lastname', 'email', 'phone', 'company'],
    },
    rows: [
      ['email', 'Email', TEXT, ['unique']],
      ['hs_additional_emails', 'Additional email addresses', ['enumeration', 'checkbox'], ['read-only']],
      ['firstname', 'First Name', TEXT],
      ['lastname', 'Last Name', TEXT],
      ['company', 'Company Name', TEXT],
      ['jobtitle', 'Job Title', TEXT],
      ...ADDRESS,
      OWNER,
    ],
  },
  {
    type: {
      id: '0-2',
      name: 'companies',
      singular: 'company',
      createdProperty: 'createdate',
      modifiedProperty: 'hs_lastmodifieddate',
      defaultProperties: ['domain', 'name'],
      searchableProperties: ['name', 'domain', 'website', 'phone'],
    },
    rows: [
      ['name', 'Company name', TEXT],
      ['domain', 'Company Domain Name', TEXT],
      ['description', 'Description', LONG],
      ['industry', 'Industry', TEXT],
      ...ADDRESS,
      OWNER,
    ],
  },
  {
    type: {
      id: '0-3',
      name: 'deals',
      singular: 'deal',
      createdProperty: 'createdate',
      modifiedProperty: 'hs_lastmodifieddate',
      defaultProperties: ['amount', 'closedate', 'dealname', 'dealstage', 'pipeline'],
      pipelineProperties: { pipeline: 'pipeline', stage: 'dealstage' },
      searchableProperties: ['dealname', 'description'],
    },
    rows: [
      ['dealname', 'Deal Name', TEXT],
      ['amount', 'Amount', NUMBER],
      ['deal_currency_code', 'Currency', CHOICE, [], ['USD', 'EUR', 'GBP', 'JPY']],
      ['closedate', 'Close Date', DATE_TIME],
      ['pipeline', 'Pipeline', CHOICE, ['external']],
      ['dealstage', 'Deal Stage', CHOICE, ['external']],
      ['dealtype', 'Deal Type', CHOICE, [], ['newbusiness', 'existingbusiness']],
      ['description', 'Deal Description', LONG],
      ['notes_last_updated', 'Last Activity Date', DATE_TIME],
      ['hs_is_closed', 'Is Deal Closed?', YES_OR_NO, ['read-only', 'calculated']],
      ['hs_is_closed_won', 'Is Closed Won', YES_OR_NO, ['read-only', 'calculated']],
      OWNER,
    ],
  },
  {
    type: {
      id: '0-27',
      name: 'tasks',
      singular: 'task',
      createdProperty: 'hs_createdate',
      modifiedProperty: 'hs_lastmodifieddate',
      defaultProperties: [],
      searchableProperties: ['hs_task_subject', 'hs_task_body'],
    },
    rows: [
      ['hs_timestamp', 'Due date', DATE_TIME],
      ['hs_task_subject', 'Task Title', TEXT],
      ['hs_task_body', 'Task Notes', LONG],
      ['hs_task_status', 'Task Status', CHOICE, [], ['NOT_STARTED', 'IN_PROGRESS', 'WAITING', 'COMPLETED', 'DEFERRED']],
      ['hs_task_priority', 'Priority', CHOICE, [], ['NONE', 'LOW', 'MEDIUM', 'HIGH']],
      ['hs_task_type', 'Task Type', CHOICE, [], ['TODO', 'CALL', 'EMAIL']],
      OWNER,
    ],
  },
  {
    type: {
      id: '0-46',
      name: 'notes',
      singular: 'note',
      createdProperty: 'hs_createdate',
      modifiedProperty: 'hs_lastmodifieddate',
      defaultProperties: [],
      searchableProperties: ['hs_note_body'],
    },
    rows: [['hs_timestamp', 'Activity date', DATE_TIME], ['hs_note_body', 'Note body', LONG], OWNER],
  },
];

/** What every object has, custom ones too, given the names of its two stamps. */
function systemRows(createdProperty: string, modifiedProperty: string): readonly Row[] {
  return [
    ['hs_object_id', 'Record ID', NUMBER, ['read-only', 'unique']],
    [createdProperty, 'Create Date', DATE_TIME, ['read-only']],
    [modifiedProperty, 'Last Modified Date', DATE_TIME, ['read-only']],
    ['hs_merged_object_ids', 'Merged record IDs', ['enumeration', 'checkbox'], ['read-only']],
    ['hs_object_source', 'Record Source', TEXT, ['read-only']],
    ['hs_object_source_id', 'Record source ID', TEXT, ['read-only']],
    ['hs_object_source_user_id', 'Record creation source user ID', NUMBER, ['read-only']],
    ['hs_updated_by_user_id', 'Updated by user ID', NUMBER, ['read-only']],
  ];
}

/** The properties that HubSpot adds to a custom object. */
export function customSystemProperties(groupName: string, nowMs: number): readonly Property[] {
  const rows: readonly Row[] = [
    ...systemRows('hs_createdate', 'hs_lastmodifieddate'),
    OWNER,
    ['hs_pipeline', 'Pipeline', CHOICE, ['external']],
    ['hs_pipeline_stage', 'Pipeline Stage', CHOICE, ['external']],
  ];
  return rows.map((row) => propertyOf(row, groupName, nowMs));
}

/** Fresh definitions of all built-in objects, as of `nowMs`. */
export function builtInDefinitions(nowMs: number): readonly ObjectDefinition[] {
  return BUILT_INS.map(({ type, rows }) => {
    const groupName = `${type.singular}information`;
    const all = [...systemRows(type.createdProperty, type.modifiedProperty), ...rows];
    const properties = all.map((row) => propertyOf(row, groupName, nowMs));
    return {
      type: {
        isCustom: false,
        labels: { singular: capitalised(type.singular), plural: capitalised(type.name) },
        pipelineProperties: null,
        requiredProperties: type.id === '0-27' || type.id === '0-46' ? ['hs_timestamp'] : [],
        primaryDisplayProperty: null,
        secondaryDisplayProperties: [],
        createdAt: nowMs,
        updatedAt: nowMs,
        ...type,
      },
      properties: new Map(properties.map((property) => [property.name, property])),
      groups: new Map([
        [groupName, { name: groupName, label: `${capitalised(type.singular)} information`, displayOrder: 0, archived: false }],
      ]),
    };
  });
}

function propertyOf([name, label, [type, fieldType], traits = [], options = []]: Row, groupName: string, nowMs: number): Property {
  return {
    name,
    label,
    type,
    fieldType,
    groupName,
    description: '',
    options: options.map(optionOf),
    displayOrder: -1,
    hasUniqueValue: traits.includes('unique'),
    hidden: false,
    formField: !traits.includes('read-only'),
    hubspotDefined: true,
    readOnlyValue: traits.includes('read-only'),
    calculated: traits.includes('calculated'),
    externalOptions: traits.includes('external'),
    referencedObjectType: name === OWNER[0] ? 'OWNER' : null,
    createdAt: nowMs,
    updatedAt: nowMs,
    archived: false,
  };
}

function optionOf(value: string, displayOrder: number): PropertyOption {
  return { label: value, value, displayOrder, hidden: false };
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

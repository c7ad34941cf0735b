/** Values as people read them: labels of picklists, local dates, money, links to other records. */

import { element } from './element.js';
import { OBJECT_PAGES } from './object-page.js';

const DAY_MS = 86_400_000;
const TONES = {
  approved: 'good',
  won: 'good',
  in_review: 'busy',
  submitted: 'busy',
  returned: 'warn',
  denied: 'bad',
  revoked: 'bad',
  lost: 'bad',
};
const STATUS_FIELDS = new Set(['Status__c', 'Partner_Status__c']);

/** The instant of a REST date-time such as `2026-11-23T10:00:00.000+0000`. */
export function readInstant(text) {
  return new Date(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
}

/** What SOQL selects to show a field: the field, and for a lookup the name behind it. */
export function selectedPaths(field) {
  if (field.type !== 'reference' || !field.relationshipName || field.referenceTo.includes('Task')) return [field.name];
  return [field.name, `${field.relationshipName}.Name`];
}

/** A field's value in a record as content of an element; null shows as a dash. In lists (`short`) date-times show their day. */
export function fieldText(field, record, short = false) {
  const value = record[field.name];
  if (value === null || value === undefined || value === '') return element('span', { class: 'none', title: 'No value' }, '–');
  switch (field.type) {
    case 'boolean':
      return value ? 'Yes' : 'No';
    case 'picklist':
      return picklistText(field, value);
    case 'date':
      return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(value));
    case 'datetime':
      return instantText(value, short);
    case 'currency':
    case 'double':
      return amountText(field, value, record);
    case 'percent':
      return `${value}%`;
    case 'reference':
      return referenceText(field, value, record);
    case 'url':
      return element('a', { href: /^https?:/.test(value) ? value : `https://${value}`, rel: 'noreferrer', target: '_blank' }, value);
    case 'email':
      return element('a', { href: `mailto:${value}` }, value);
    default:
      return field.name === 'Product_Lines__c' ? value.split(';').map((line) => element('span', { class: 'chip' }, line)) : String(value);
  }
}

/** A date-time with the distance from now, such as `23 Nov 2026, 18:00 · in 3 h`. */
export function instantText(value, short = false) {
  const instant = readInstant(value);
  const format = new Intl.DateTimeFormat(undefined, short ? { dateStyle: 'medium' } : { dateStyle: 'medium', timeStyle: 'short' });
  return element(
    'time',
    { datetime: instant.toISOString(), title: instant.toLocaleString() },
    format.format(instant),
    element('small', {}, ` ${distance(instant.getTime() - Date.now())}`),
  );
}

function distance(ms) {
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });
  const size = Math.abs(ms);
  if (size < DAY_MS / 24) return relative.format(Math.round(ms / 60_000), 'minute');
  if (size < 2 * DAY_MS) return relative.format(Math.round(ms / (DAY_MS / 24)), 'hour');
  return relative.format(Math.round(ms / DAY_MS), 'day');
}

function picklistText(field, value) {
  const label = field.picklistValues.find((each) => each.value === value)?.label ?? value;
  return STATUS_FIELDS.has(field.name) ? element('span', { class: `pill ${TONES[value] ?? ''}` }, label) : label;
}

function amountText(field, value, record) {
  const currency = field.type === 'currency' ? 'USD' : record['Estimated_Currency__c'];
  const isMoney = field.type === 'currency' || field.name === 'Estimated_Value__c';
  if (!isMoney || !/^[A-Z]{3}$/.test(currency ?? '')) return new Intl.NumberFormat().format(value);
  return new Intl.NumberFormat(undefined, { style: 'currency', currency, currencyDisplay: 'code' }).format(value);
}

function referenceText(field, value, record) {
  const name = record[field.relationshipName]?.Name ?? value;
  const object = record[field.relationshipName]?.attributes?.type ?? field.referenceTo[0];
  return object in OBJECT_PAGES ? element('a', { href: `#/${object}/${value}` }, name) : name;
}

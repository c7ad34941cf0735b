/** Values as people read them: labels of picklists, local dates, money, links to other records. */

import { orgNow } from '../crm/call.js';
import { element, spoken } from '../../../kit/page/element.js';
import { hasPage } from '../screen.js';
import { dateText, distanceText, readInstant } from './instant.js';

const TONES = {
  approved: 'good',
  won: 'good',
  active: 'good',
  in_review: 'busy',
  submitted: 'busy',
  applicant: 'busy',
  returned: 'warn',
  suspended: 'warn',
  denied: 'bad',
  revoked: 'bad',
  lost: 'bad',
  terminated: 'bad',
};
const STATUS_FIELDS = new Set(['Status__c', 'Partner_Status__c']);

/**
 * A field's value in a record as content of an element; null shows as a dash. `short` is for lists: date-times show their day. `bare` leaves the currency out,
 * where a column of its own has it.
 */
export function fieldText(field, record, { short = false, bare = false } = {}) {
  const value = record[field.name];
  if (value === null || value === undefined || value === '') {
    return element('span', { class: 'none' }, element('span', { 'aria-hidden': 'true' }, '–'), spoken('No value'));
  }
  switch (field.type) {
    case 'boolean':
      return value ? 'Yes' : 'No';
    case 'picklist':
      return picklistText(field, value);
    case 'date':
      return element('time', { datetime: value }, dateText(value));
    case 'datetime':
      return instantText(value, short);
    case 'currency':
    case 'double':
      return amountText(field, value, record, bare);
    case 'percent':
      return `${value}%`;
    case 'reference':
      return referenceText(field, value, record);
    case 'url':
      return webAddress(value);
    case 'email':
      return element('a', { href: `mailto:${value}` }, value);
    default:
      return field.name === 'Product_Lines__c' ? productLines(value) : String(value);
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
    element('small', {}, ` ${distanceText(instant.getTime() - orgNow())}`),
  );
}

/** Money as `USD 34,000`; cents where there are some. */
export function moneyText(value, currency) {
  const options = { style: 'currency', currency, currencyDisplay: 'code', trailingZeroDisplay: 'stripIfInteger' };
  return new Intl.NumberFormat(undefined, options).format(value);
}

/** A link to a record where the page shows records of its object, its name elsewhere. */
export function recordLink(objectName, id, name) {
  return hasPage(objectName) ? element('a', { href: `#/${objectName}/${id}` }, name) : name;
}

export function picklistLabel(field, value) {
  return field.picklistValues.find((each) => each.value === value)?.label ?? value;
}

function picklistText(field, value) {
  const label = picklistLabel(field, value);
  return STATUS_FIELDS.has(field.name) ? element('span', { class: `pill ${TONES[value] ?? ''}`.trim() }, label) : label;
}

function amountText(field, value, record, bare) {
  // The org has one currency (DIFFERENCES.md); a registration names its own.
  const currency = field.type === 'currency' ? 'USD' : record.Estimated_Currency__c;
  const isMoney = field.type === 'currency' || field.name === 'Estimated_Value__c';
  return isMoney && !bare && /^[A-Z]{3}$/.test(currency ?? '') ? moneyText(value, currency) : new Intl.NumberFormat().format(value);
}

function referenceText(field, value, record) {
  const parent = record[field.relationshipName];
  return recordLink(parent?.attributes?.type ?? field.referenceTo[0], value, parent?.Name ?? value);
}

/** A link, unless following it would run something. */
function webAddress(value) {
  const address = /^[a-z][a-z0-9+.-]*:/i.test(value) ? value : `https://${value}`;
  return /^https?:\/\//i.test(address) ? element('a', { href: address, rel: 'noreferrer', target: '_blank' }, value) : value;
}

function productLines(value) {
  return element(
    'span',
    { class: 'chips' },
    value
      .split(';')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .map((line, index) => [index > 0 ? spoken(', ') : null, element('span', { class: 'chip' }, line)]),
  );
}

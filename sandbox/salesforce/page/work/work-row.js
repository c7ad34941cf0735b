import { recordAddress } from '../address.js';
import { orgNow } from '../crm/call.js';
import { element } from '../../../kit/page/element.js';
import { dateText, daysUntil, readInstant } from '../field/instant.js';
import { fieldText, instantText, moneyText, recordLink } from '../field/text.js';

/** A registration as a line of the start page; `about` is what the list is about: when it is `due`, when its protection is `ending`, how it was `decided`. */
export function registrationRow(record, description, about) {
  const name = [record.Name, record.Customer_Name__c].filter(Boolean).join(' · ');
  const facts = [record.Partner__r?.Name, amountOf(record), about === 'due' ? record.Review_Step__c : null].filter(Boolean);
  return element(
    'li',
    {},
    element(
      'div',
      { class: 'row-head' },
      element('a', { href: recordAddress('Deal_Registration__c', record.Id) }, name),
      element('span', { class: 'row-fact' }, fact(record, description, about)),
    ),
    element('span', { class: 'facts' }, facts.join(' · ')),
    about === 'due' && record.Conflict_Summary__c
      ? element('span', { class: 'facts conflict' }, `Conflict: ${record.Conflict_Summary__c}`)
      : null,
    about === 'decided' && record.Decision_Reason__c ? element('span', { class: 'facts' }, record.Decision_Reason__c) : null,
  );
}

export function taskRow(task) {
  const days = task.ActivityDate === null ? null : daysUntil(task.ActivityDate, orgNow());
  const what = task.What;
  return element(
    'li',
    {},
    element(
      'div',
      { class: 'row-head' },
      element('a', { href: recordAddress('Task', task.Id) }, task.Subject ?? 'Task without a subject'),
      element('span', { class: 'row-fact' }, days === null ? 'No due date' : dueWords(days, task.ActivityDate)),
    ),
    element(
      'span',
      { class: 'facts' },
      what === null ? null : recordLink(what.attributes.type, task.WhatId, what.Name),
      task.Priority === 'High' ? [what === null ? null : ' · ', 'High priority'] : null,
    ),
  );
}

function fact(record, description, about) {
  if (about === 'decided') return fieldText(description.byName.get('Status__c'), record);
  if (about === 'ending') return ['ends ', instantText(record.Protected_Until__c, true)];
  if (record.Review_Due__c === null) return 'No deadline';
  const isOverdue = readInstant(record.Review_Due__c).getTime() < orgNow();
  return [
    element('strong', { class: isOverdue ? 'overdue' : null }, isOverdue ? 'Overdue ' : 'Due '),
    instantText(record.Review_Due__c, true),
  ];
}

function dueWords(days, date) {
  if (days < 0) return element('strong', { class: 'overdue' }, days === -1 ? 'Overdue since yesterday' : `Overdue by ${-days} days`);
  if (days === 0) return element('strong', {}, 'Due today');
  return days === 1 ? 'Due tomorrow' : `Due ${dateText(date)}`;
}

function amountOf(record) {
  if (record.Estimated_Value__c === null) return null;
  const currency = record.Estimated_Currency__c;
  return /^[A-Z]{3}$/.test(currency ?? '') ? moneyText(record.Estimated_Value__c, currency) : String(record.Estimated_Value__c);
}

import { listAddress } from '../address.js';
import { orgNow, query } from '../crm/call.js';
import { describe } from '../crm/description.js';
import { instantLiteral, literal } from '../crm/soql.js';
import { currentUser, leadsOthers } from '../crm/user.js';
import { card, element, errorBox, redraw } from '../../../kit/page/element.js';
import { keepFresh } from '../../../kit/page/fresh.js';
import { registrationRow, taskRow } from './work-row.js';

const LOOK_AGAIN_MS = 5000;
const DAY_MS = 86_400_000;
const SHOWN_ROWS = 8;
const ENDING_WITHIN_DAYS = 30;
const RECENT_DAYS = 14;
const REGISTRATION = 'Deal_Registration__c';
const REGISTRATION_PATHS =
  'Id, Name, Status__c, Customer_Name__c, Partner__r.Name, Estimated_Value__c, Estimated_Currency__c, Review_Due__c, Review_Step__c, Protected_Until__c, Decided_At__c, Decision_Reason__c, Conflict_Summary__c';

/** The start page of the chosen user: what waits for a decision, what is to be done, what ends soon and what was decided. Four calls a look. */
export async function openWorkPage() {
  const user = currentUser();
  const [registration] = await Promise.all([describe(REGISTRATION), describe('Task')]);
  const cards = element('div', { class: 'work' });
  const shown = { text: '' };
  const look = () => fill(cards, shown, registration, user);
  await look();
  const freshness = keepFresh(look, () => LOOK_AGAIN_MS);
  return {
    element: element(
      'div',
      {},
      element(
        'h1',
        { tabindex: '-1' },
        'My work',
        element('span', { class: 'subtitle' }, ` ${[user?.Name, user?.Title].filter(Boolean).join(', ')}`),
      ),
      cards,
    ),
    title: 'My work',
    close: freshness.stop,
    follow: async () => false,
  };
}

async function fill(cards, shown, registration, user) {
  try {
    const answers = await Promise.all(questions(user).map(query));
    const text = JSON.stringify(answers);
    if (text === shown.text) return;
    shown.text = text;
    const [waiting, tasks, ending, decided] = answers.map((answer) => answer.records);
    // What is to be done on the left, what is to be known on the right; each column as long as it is.
    redraw(cards, [
      element('div', { class: 'column' }, [
        listCard('Waiting for your decision', waiting, (record) => registrationRow(record, registration, 'due'), {
          empty: 'Nothing waits for your decision.',
          more: ['All that await approval', listAddress(REGISTRATION, { view: 'Awaiting_Approval' })],
        }),
        listCard('Your tasks', tasks, taskRow, {
          empty: 'You have no open tasks.',
          more: ['All your open tasks', listAddress('Task', { view: 'MyOpenTasks' })],
        }),
      ]),
      element('div', { class: 'column' }, [
        listCard('Protections that end soon', ending, (record) => registrationRow(record, registration, 'ending'), {
          empty: `No protection of yours or your team ends within ${ENDING_WITHIN_DAYS} days.`,
          more: ['All protected registrations', listAddress(REGISTRATION, { view: 'Protected' })],
        }),
        listCard('Recent decisions', decided, (record) => registrationRow(record, registration, 'decided'), {
          empty: `Nothing of yours or your team was decided within ${RECENT_DAYS} days.`,
          more: ['All registrations', listAddress(REGISTRATION)],
        }),
      ]),
    ]);
  } catch (error) {
    shown.text = '';
    redraw(cards, errorBox(error));
  }
}

function questions(user) {
  const me = literal(user?.Id ?? '');
  const now = orgNow();
  const mine = concerns(user);
  const soon = `Protected_Until__c >= ${instantLiteral(now)} AND Protected_Until__c <= ${instantLiteral(now + ENDING_WITHIN_DAYS * DAY_MS)}`;
  const recently = `Decided_At__c >= ${instantLiteral(now - RECENT_DAYS * DAY_MS)}`;
  const select = `SELECT ${REGISTRATION_PATHS} FROM ${REGISTRATION}`;
  // One more than is shown tells whether there are more.
  const limit = `LIMIT ${SHOWN_ROWS + 1}`;
  return [
    `${select} WHERE Approver__c = ${me} AND (Status__c = 'in_review' OR Review_Due__c != null) ORDER BY Review_Due__c NULLS LAST, Id ${limit}`,
    `SELECT Id, Subject, ActivityDate, Priority, WhatId, What.Name FROM Task WHERE OwnerId = ${me} AND IsClosed = false ORDER BY ActivityDate NULLS LAST, Id ${limit}`,
    `${select} WHERE Status__c = 'approved' AND ${soon} AND (${mine}) ORDER BY Protected_Until__c, Id ${limit}`,
    `${select} WHERE ${recently} AND (${mine}) ORDER BY Decided_At__c DESC, Id ${limit}`,
  ];
}

/** A registration is somebody's who owns it, its customer or its opportunity, or leads who does; what nobody owns in sales concerns everybody who leads. */
function concerns(user) {
  const me = literal(user?.Id ?? '');
  const owners = ['Customer__r.Owner', 'Opportunity__r.Owner'];
  const paths = owners.flatMap((owner) => [
    `${owner}Id`,
    `${owner}.ManagerId`,
    `${owner}.Manager.ManagerId`,
    `${owner}.Manager.Manager.ManagerId`,
  ]);
  const conditions = ['OwnerId', ...paths].map((path) => `${path} = ${me}`);
  if (user !== null && leadsOthers(user)) conditions.push('(Customer__c = null AND Opportunity__c = null)');
  return conditions.join(' OR ');
}

function listCard(title, records, row, { empty, more: [words, href] }) {
  return card(
    title,
    { class: 'side' },
    records.length === 0 ? element('p', { class: 'empty' }, empty) : element('ul', {}, records.slice(0, SHOWN_ROWS).map(row)),
    records.length > SHOWN_ROWS ? element('p', { class: 'facts' }, `These are the first ${SHOWN_ROWS} of more.`) : null,
    element('p', { class: 'side-links' }, element('a', { href }, words)),
  );
}

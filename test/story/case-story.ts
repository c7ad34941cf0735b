import { createSystem, type EmbeddedSystem } from '../support/embedded-system.ts';
import { startMailServer, type TestMailServer } from '../support/mail-server.ts';
import type { SalesforceRow, SalesforceWire } from '../support/salesforce-wire.ts';
import { until } from '../support/until.ts';
import { copyWithCaseProgram } from './case-program.ts';
import { inDays, type Portal, type RegistrationAnswer } from './portal.ts';
import { tellStory, type Story } from './story.ts';

/** The story of `docs/case-story.md`, which its pictures and its test both play: two partners register one customer, and nobody answers but the VP. */

const DEAL = 'Deal_Registration__c';
/** Two deadlines of a minute, and some. */
const SILENCE_MS = 240_000;
const VALUE = { amount: '280000.00', currency: 'USD' };

export const FIRST = { externalId: 'CS-2041', partner: 'Copperline Systems', email: 'deals@copperline.example' } as const;
export const SECOND = { externalId: 'BW-118', partner: 'Brightwater Partners', email: 'deals@brightwater.example' } as const;

export const WHY_AWARDED = 'Brightwater did the work with the customer.';
export const WHY_OVERTURNED = 'The letter settles it: the customer works with Copperline.';

export interface CaseAnswer {
  readonly id: string;
  readonly rule: string;
  readonly status: string;
  readonly arbiter: string | null;
  readonly outcome: string | null;
  readonly registrations: readonly { readonly id: string; readonly status: string }[];
}

/** The whole system under the program of the story, with a mail server that both partners and the users are written to. */
export interface CasePlace {
  readonly system: EmbeddedSystem;
  readonly story: Story;
  readonly mail: TestMailServer;
  readonly close: () => Promise<void>;
}

export async function openCasePlace(): Promise<CasePlace> {
  const copy = copyWithCaseProgram();
  const mail = await startMailServer();
  const system = await createSystem('case', { starter: copy.starter });
  const close = async (): Promise<void> => {
    await system.close();
    await mail.close();
    copy.remove();
  };
  try {
    await system.start({ SMTP_URL: `smtp://127.0.0.1:${mail.port}?ignoreTLS=true`, MAIL_FROM: 'Acme Partners <partners@acme.example>' });
    return { system, story: tellStory(system), mail, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A registration of the story: ours, and its record in the CRM. */
export interface Deal {
  readonly id: string;
  readonly rowId: string;
}

/** Who and what there is at a scene. `second` and `caseId` are empty before there is a conflict. */
export interface Cast {
  readonly first: Deal;
  readonly second: Deal;
  readonly caseId: string;
}

export const SCENES = ['registered', 'contested', 'escalated', 'awarded', 'appealed', 'heard'] as const;
export type SceneName = (typeof SCENES)[number];

/** Plays the story from its first registration to the end; `look` is called at each scene, once both the store and the CRM show it. */
export async function playCase(place: CasePlace, look: (scene: SceneName, cast: Cast) => Promise<void>): Promise<Cast> {
  const { story } = place;
  const { portal, crm } = story;
  await enterPeople(portal, crm);

  const first = await register(story, {
    ...claim(FIRST.externalId, 'P-COPPERLINE'),
    customer: { name: 'Halvorsen Logistics Inc', domain: 'halvorsen.example', country: 'US' },
    contact: { name: 'Dana Reed', email: 'dana.reed@halvorsen.example' },
    description: 'New warehouses in Oregon: planning and tracking of all shipments.',
  });
  const alone = { first, second: { id: '', rowId: '' }, caseId: '' };
  await look('registered', alone);

  const second = await register(story, {
    ...claim(SECOND.externalId, 'P-BRIGHTWATER'),
    customer: { name: 'Halvorsen Logistics', country: 'US' },
    contact: { name: 'Sam Ortiz', email: 'sam.ortiz@mail.example' },
    description: 'Shipment planning; two workshops were held with the customer.',
  });
  const caseId = (await portal.read(second.id)).conflicts[0]?.caseId ?? '';
  const cast = { first, second, caseId };
  await look('contested', cast);

  // The partner manager says nothing, and then the Director says nothing.
  const vp = await userId(crm, 'vp');
  await until(
    'the VP is asked',
    async () => {
      const answer = await readCase(portal, caseId);
      return answer.arbiter === 'vp';
    },
    SILENCE_MS,
  );
  await story.whenRow(second.id, (row) => row['Approver__c'] === vp);
  await look('escalated', cast);

  await press(crm, 'vp', second, 'approve', WHY_AWARDED);
  await settled(story, second, 'approved');
  await settled(story, first, 'denied');
  await look('awarded', cast);

  const appealed = await portal.call('POST', `/v1/registrations/${first.id}/appeal`, {
    reason: 'The customer works with us, and says so in writing.',
    evidence: [
      {
        kind: 'customer letter',
        summary: 'Halvorsen Logistics Inc, signed by its head of operations: we run this project with them since September.',
      },
    ],
  });
  if (appealed.status !== 200) throw new Error(`the appeal was answered ${appealed.status}: ${JSON.stringify(appealed.body)}`);
  const ines = await userId(crm, 'ines');
  await story.whenRow(first.id, (row) => row['Status__c'] === 'in_review' && row['Approver__c'] === ines);
  await look('appealed', cast);

  await press(crm, 'ines', first, 'approve', WHY_OVERTURNED);
  await settled(story, first, 'approved');
  await settled(story, second, 'revoked');
  await look('heard', cast);
  return cast;
}

export async function readCase(portal: Portal, caseId: string): Promise<CaseAnswer> {
  return (await portal.call<CaseAnswer>('GET', `/v1/cases/${caseId}`)).body;
}

/** The partners with their addresses, and the user who hears appeals. */
async function enterPeople(portal: Portal, crm: SalesforceWire): Promise<void> {
  await crm.create('integration', 'User', {
    Username: 'ines@acme.example',
    Alias: 'ines',
    FirstName: 'Ines',
    LastName: 'Duarte',
    Email: 'ines@acme.example',
    Title: 'Appeals Desk',
    IsActive: true,
  });
  for (const [externalId, { partner, email }] of [
    ['P-COPPERLINE', FIRST],
    ['P-BRIGHTWATER', SECOND],
  ] as const) {
    const terms = { country: 'US', type: 'reseller', track: 'solution', tier: 'gold', status: 'active' };
    const answer = await portal.call('PUT', `/v1/partners/${externalId}`, { name: partner, domain: email.split('@')[1], email, ...terms });
    if (answer.status >= 300) throw new Error(`${partner} was not taken: ${JSON.stringify(answer.body)}`);
  }
}

function claim(externalId: string, partnerId: string): Record<string, unknown> {
  return { externalId, partnerId, productLines: ['platform'], estimatedValue: VALUE, expectedCloseDate: inDays(60) };
}

async function register(story: Story, wishes: Record<string, unknown>): Promise<Deal> {
  const { id } = await story.portal.register(wishes);
  await story.portal.whenStatus(id, 'in_review');
  const row = await story.whenRow(id, (seen) => seen['Status__c'] === 'in_review' && seen['Approver__c'] !== null);
  return { id, rowId: row.Id };
}

/** What a button of the page does. */
async function press(crm: SalesforceWire, as: string, { rowId }: Deal, decision: string, comment: string): Promise<void> {
  await crm.update(as, DEAL, rowId, { Requested_Decision__c: decision, Decision_Comment__c: comment });
}

async function settled(
  story: Story,
  { id }: Deal,
  status: string,
): Promise<{ readonly deal: RegistrationAnswer; readonly row: SalesforceRow }> {
  const deal = await story.portal.whenStatus(id, status);
  const row = await story.whenRow(id, (seen) => seen['Status__c'] === status && seen['Requested_Decision__c'] === null);
  return { deal, row };
}

async function userId(crm: SalesforceWire, alias: string): Promise<string> {
  return until(`the user ${alias}`, async () => (await crm.query(`SELECT Id FROM User WHERE Alias = '${alias}'`))[0]?.Id);
}

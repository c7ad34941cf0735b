import { sql } from 'kysely';
import { reconsiderQuestionsTo } from '../../store/absence-change.ts';
import { saveUsers } from '../../store/crm-mirror.ts';
import type { SampleRegistration } from '../sample/registration.ts';
import { intentionsFor, intentionsOfPartner, type AskedQuestion } from './behaviour.ts';
import type { Deed, YearActivities } from './deed.ts';
import type { Ledger } from './ledger.ts';
import type { Answer, YearStage } from './stage.ts';

const DAY_MS = 86_400_000;
/** A partner that completes a claim takes this long; one in five never does. */
const COMPLETES_AFTER_DAYS = 3;

export interface Cast {
  readonly seed: number;
  readonly registrations: readonly SampleRegistration[];
  readonly ledger: Ledger;
}

/** What everybody does, at the doors that they have in the product: the API, and the CRM's list of users. */
export function createPeople(stage: YearStage, { seed, registrations, ledger }: Cast): YearActivities {
  const absences = new Map<string, string>();
  const surroundings = () => ({ program: stage.program, calendarOf: stage.calendarOf, seed, at: stage.now() });

  const carryOut = async (name: string, deed: Deed): Promise<Answer> => {
    switch (deed.kind) {
      case 'submit': {
        const { expectedCloseInDays, ...claim } = registrations[deed.index] as SampleRegistration;
        const expectedCloseDate = new Date(Date.parse(stage.now()) + expectedCloseInDays * DAY_MS).toISOString().slice(0, 10);
        const answer = await stage.call('POST', '/v1/registrations', { ...claim, expectedCloseDate });
        const id = String(answer.body['id']);
        ledger.received(id, claim.externalId);
        for (const { name: who, ...planned } of intentionsOfPartner(name, id, deed.index, surroundings())) await stage.intend(who, planned);
        return answer;
      }
      case 'withdraw':
        return stage.call('POST', `/v1/registrations/${deed.registrationId}/withdraw`, { reason: 'The customer stopped the project.' });
      case 'extend':
        return stage.call('POST', `/v1/registrations/${deed.registrationId}/extend`, { reason: 'The budget round takes longer.' });
      case 'appeal':
        return stage.call('POST', `/v1/registrations/${deed.registrationId}/appeal`, {
          reason: 'The customer asked for us.',
          evidence: [`A letter of the customer of ${stage.now()}.`],
        });
      case 'amend':
        return stage.call('POST', `/v1/registrations/${deed.registrationId}/amend`, { description: `Two sites, as of ${stage.now()}.` });
      case 'decide': {
        const { registrationId, decision } = deed;
        const answer = await stage.call('POST', `/v1/registrations/${registrationId}/decisions`, { decision, comment: '', actor: name });
        if (answer.status === 200) ledger.accepted(`registration/${registrationId}`, name, decision);
        if (answer.status === 200 && decision === 'return' && Math.abs(hashOf(registrationId)) % 5 > 0) {
          const at = new Date(Date.parse(stage.now()) + COMPLETES_AFTER_DAYS * DAY_MS).toISOString();
          await stage.intend('returned', { at, deed: { kind: 'amend', registrationId } });
        }
        return answer;
      }
      case 'settle': {
        const { caseId, outcome } = deed;
        const registrationId = outcome === 'award' ? deed.registrationId : null;
        const answer = await stage.call('POST', `/v1/cases/${caseId}/resolution`, {
          outcome,
          registrationId,
          comment: 'As the program says.',
          actor: name,
        });
        if (answer.status === 200) ledger.accepted(`case/${caseId}`, name, outcome);
        return answer;
      }
      case 'delegate':
      case 'reassign': {
        const [kind, id] = deed.subject.split('/');
        const answer = await stage.call('POST', `/v1/${kind}s/${id}/${deed.kind}`, { to: deed.to, reason: 'In a meeting.', actor: name });
        return answer;
      }
      case 'transfer':
        return stage.call('POST', `/v1/registrations/${deed.registrationId}/transfer`, {
          partnerId: deed.partner,
          reason: 'As agreed.',
          actor: name,
        });
      case 'be_away': {
        const { from, until, delegate, number } = deed;
        const answer = await stage.call('POST', `/v1/users/${name}/absences`, { from, until, delegate, actor: name });
        absences.set(`${name}/${number}`, String(answer.body['id']));
        return answer;
      }
      case 'come_back':
        return stage.call('POST', `/v1/users/${name}/absences/${absences.get(`${name}/${deed.number}`)}/end`, { actor: name });
      case 'leave':
        await leave(stage, name);
        return { status: 200, body: {} };
    }
  };

  return {
    async act(name, deed) {
      const { status, body } = await carryOut(name, deed);
      const answer = status < 300 ? 'ok' : codeOf(body, status);
      ledger.answered(deed.kind, answer);
      return answer;
    },
  };
}

/** Has whoever is asked something know of it: what they will do is planned at once. */
export async function hearQuestions(stage: YearStage, { seed, ledger }: Pick<Cast, 'seed' | 'ledger'>): Promise<void> {
  const { rows } = await sql<AskedQuestion>`
    select question.subject, question.number, question.kind, question.role, question.reason, question.asked,
      question.registration_id as "registrationId", registration.external_id as "externalId"
    from question join registration on registration.id = question.registration_id
    where question.closed_at is null
    order by question.put_at, question.subject, question.number
  `.execute(stage.db);
  for (const question of rows) {
    if (!ledger.asked(question)) continue;
    const surroundings = { program: stage.program, calendarOf: stage.calendarOf, seed, at: stage.now() };
    for (const { name, ...planned } of intentionsFor(question, surroundings)) await stage.intend(name, planned);
  }
}

/** Deactivated in the CRM, as sync would have noticed it. */
async function leave(stage: YearStage, alias: string): Promise<void> {
  const user = {
    connection: 'salesforce',
    remote_id: `005-${alias}`,
    alias,
    email: null,
    name: null,
    is_active: false,
    manager_remote_id: null,
    stamp: stage.now(),
    deleted: false,
  };
  await stage.db.transaction().execute(async (trx) => {
    await saveUsers(trx, [user]);
    await reconsiderQuestionsTo(trx, [alias]);
  });
}

function hashOf(text: string): number {
  return [...text].reduce((hash, character) => (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0, 7);
}

/** Of a problem that the API answers: the last part of its type. */
function codeOf({ type }: Answer['body'], status: number): string {
  return typeof type === 'string' ? (type.split(':').at(-1) ?? type) : String(status);
}

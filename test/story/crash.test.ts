import type { PartName } from '../support/embedded-system.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { inParallel, until } from '../support/until.ts';
import { claimOn, type RegistrationAnswer } from './portal.ts';
import { startStory, type Story } from './story.ts';

const START_MS = 150_000;
const STORY_MS = 240_000;
const CLAIMS = 60;
/** So many are answered before the blow falls, so that it falls in the middle. */
const ANSWERED_BEFORE = 15;

describeWith(
  findServers().temporal,
  'A registration that was answered with 201 is decided and in Salesforce once, although SIGKILL hits',
  () => {
    let story: Story;
    beforeAll(async () => {
      story = await startStory('crash');
    }, START_MS);
    afterAll(() => story?.system.close(), START_MS);

    /** Posts claims as a portal does that wants an answer: what failed without one, or with 503, is sent again. Gives the ids by customer. */
    function postClaims(prefix: string, answered: { count: number }): Promise<readonly string[]> {
      const words = Array.from({ length: CLAIMS }, (_, index) => `${prefix}${index}`);
      return inParallel(words, 4, async (word) => {
        const id = await until(`an answer for ${word}`, async () => {
          const answer = await story.portal.call<RegistrationAnswer>('POST', '/v1/registrations', claimOn(word));
          if (answer.status === 200 || answer.status === 201) return answer.body.id;
          if (answer.status === 503) return null;
          throw new Error(`it was ${answer.status}: ${JSON.stringify(answer.body)}`);
        });
        answered.count += 1;
        return id;
      });
    }

    async function kill(name: PartName): Promise<void> {
      const part = story.system.parts().find((one) => one.name === name);
      if (part === undefined) throw new Error(`${name} does not run`);
      process.kill(part.pid, 'SIGKILL');
      await until(`${name} started again`, async () => story.system.parts().some((one) => one.name === name && one.pid !== part.pid));
    }

    async function expectAllOnce(prefix: string, ids: readonly string[]): Promise<void> {
      for (const id of ids) await story.portal.whenStatus(id, 'approved');
      await until('the API is ready again', async () => (await story.portal.call('GET', '/readyz')).status === 200);
      await story.quiet();
      const kept = (await story.portal.list()).filter(({ customer }) => isOf(prefix, customer.domain));
      expect(kept.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
      expect(new Set(ids).size).toBe(CLAIMS);
      const rows = (await story.crm.query('SELECT Id, Registration_Id__c, Status__c, Customer_Domain__c FROM Deal_Registration__c')).filter(
        (row) => isOf(prefix, String(row['Customer_Domain__c'])),
      );
      expect(rows.map((row) => String(row['Registration_Id__c'])).toSorted()).toEqual(ids.toSorted());
      expect(new Set(rows.map((row) => row['Status__c']))).toEqual(new Set(['approved']));
      expect(kept.flatMap(({ links }) => links.map(({ remoteId }) => remoteId)).toSorted()).toEqual(rows.map(({ Id }) => Id).toSorted());
    }

    it(
      'the worker while its write is under way: what it wrote is found, and not written as another record',
      async () => {
        await story.crm.faults([{ method: 'PATCH', path: '/composite/sobjects', nth: 1, times: 1, fault: 'delay', delayMs: 3_000 }]);
        const before = (await story.crm.calls()).writes;
        const posting = postClaims('oak', { count: 0 });
        await until('a write under way', async () => (await story.crm.calls()).writes > before);
        await kill('The worker');
        await expectAllOnce('oak', await posting);
      },
      STORY_MS,
    );

    it(
      'the worker when the CRM has written and the answer is lost',
      async () => {
        await story.crm.faults([{ method: 'PATCH', path: '/composite/sobjects', nth: 1, times: 2, fault: 'lost_answer' }]);
        const before = (await story.crm.calls()).writes;
        const posting = postClaims('elm', { count: 0 });
        await until('a lost answer', async () => (await story.crm.calls()).writes > before);
        await kill('The worker');
        await expectAllOnce('elm', await posting);
      },
      STORY_MS,
    );

    it.each<[name: PartName, prefix: string]>([
      ['The API', 'fir'],
      ['The Salesforce sandbox', 'ash'],
      ['PostgreSQL', 'ivy'],
      ['The Temporal server', 'fig'],
    ])(
      '%s in the middle of a stream of claims',
      async (name, prefix) => {
        const answered = { count: 0 };
        const posting = postClaims(prefix, answered);
        await until('claims under way', async () => answered.count >= ANSWERED_BEFORE);
        await kill(name);
        await expectAllOnce(prefix, await posting);
      },
      STORY_MS,
    );
  },
);

function isOf(prefix: string, domain: string | null): boolean {
  return domain !== null && new RegExp(`^${prefix}\\d+\\.example$`).test(domain);
}

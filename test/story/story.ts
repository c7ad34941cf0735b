import { createSystem, type EmbeddedSystem, type Starter } from '../support/embedded-system.ts';
import { openSalesforceWire, type SalesforceRow, type SalesforceWire } from '../support/salesforce-wire.ts';
import { until } from '../support/until.ts';
import { openPortal, type Portal } from './portal.ts';

/** Each object type asks the CRM once a poll, tasks at some of them: no more than this together. */
const OBJECT_TYPES = 6;

/** The whole system, and the two doors through which stories look at it. */
export interface Story {
  readonly system: EmbeddedSystem;
  readonly portal: Portal;
  readonly crm: SalesforceWire;
  /** The one row of a registration in Salesforce, once there is one for which `holds` is true; more than one is a failure. */
  whenRow(registrationId: string, holds?: (row: SalesforceRow) => boolean): Promise<SalesforceRow>;
  /** Waits until every object type was polled `times` times more. Only while nothing else reads from the CRM. */
  polls(times: number): Promise<void>;
  /** How many records wait to be written to a CRM. */
  pendingOut(): Promise<number>;
  /** Waits until nothing is left to write and two polls went by in which nothing was written. */
  quiet(): Promise<void>;
}

/** Starts the system, in an environment with `changes`, with the partners `P-1` to `P-3`, who may register resale deals. */
export async function startStory(purpose: string, starter?: Starter, changes: Readonly<Record<string, string>> = {}): Promise<Story> {
  const system = await createSystem(purpose, starter === undefined ? {} : { starter });
  try {
    await system.start(changes);
    const story = tellStory(system);
    for (const number of [1, 2, 3]) {
      const answer = await story.portal.call('PUT', `/v1/partners/P-${number}`, {
        name: `Aster ${number} Consulting`,
        domain: `aster-${number}.example`,
        country: 'US',
        type: 'reseller',
        track: 'solution',
        tier: 'gold',
        status: 'active',
      });
      if (answer.status >= 300) throw new Error(`the partner P-${number} was not taken: ${JSON.stringify(answer.body)}`);
    }
    return story;
  } catch (error) {
    await system.close();
    throw error;
  }
}

export function tellStory(system: EmbeddedSystem): Story {
  const portal = openPortal(system.apiUrl, system.apiToken);
  const crm = openSalesforceWire(system.salesforceUrl);

  async function pendingOut(): Promise<number> {
    const { body } = await portal.call<{
      readonly connections: readonly { readonly objects: readonly { readonly pendingOut: number }[] }[];
    }>('GET', '/v1/sync/status');
    return body.connections.flatMap(({ objects }) => objects).reduce((sum, object) => sum + object.pendingOut, 0);
  }

  async function polls(times: number): Promise<void> {
    const before = (await crm.calls()).reads;
    await until(`${times} more polls`, async () => (await crm.calls()).reads >= before + times * OBJECT_TYPES);
  }

  return {
    system,
    portal,
    crm,
    polls,
    pendingOut,
    whenRow: (registrationId, holds = () => true) =>
      until(`the row of registration ${registrationId} in Salesforce`, async () => {
        const rows = await crm.query(
          `SELECT FIELDS(ALL) FROM Deal_Registration__c WHERE Registration_Id__c = '${registrationId}' LIMIT 200`,
        );
        const [row] = rows;
        if (row === undefined) return null;
        if (rows.length > 1) throw new Error(`it is there ${rows.length} times`);
        if (holds(row)) return row;
        throw new Error(`it is ${JSON.stringify(row)}`);
      }),
    async quiet() {
      await until(
        'quiet between both sides',
        async () => {
          if ((await pendingOut()) > 0) return false;
          const before = await crm.calls();
          await polls(2);
          return (await crm.calls()).writes === before.writes && (await pendingOut()) === 0;
        },
        90_000,
      );
    },
  };
}

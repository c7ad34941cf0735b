import { execFileSync } from 'node:child_process';
import { inheritedEnvironment } from '../../workers/config.ts';
import { readDocument, sectionOf, tableIn } from '../docs/document.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { until } from '../support/until.ts';
import {
  FIRST,
  openCasePlace,
  playCase,
  readCase,
  SCENES,
  SECOND,
  WHY_AWARDED,
  WHY_OVERTURNED,
  type CasePlace,
  type Cast,
  type SceneName,
} from './case-story.ts';

const START_MS = 180_000;
const STORY_MS = 400_000;

/** Where the document tells which scene. */
const HEADINGS: Readonly<Record<SceneName, string>> = {
  registered: 'A partner registers',
  contested: 'Another one registers the same customer',
  escalated: 'Nobody answers',
  awarded: 'The VP awards it',
  appealed: 'The loser appeals',
  heard: 'Somebody else hears it',
};

/** Statuses of the registrations, whom the first and the case ask, and how the case stands. */
const STANDS: Readonly<Record<Exclude<SceneName, 'registered'>, object>> = {
  contested: { first: 'in_review', second: 'in_review', asked: 'vp', status: 'open', arbiter: 'manager', outcome: null },
  escalated: { first: 'in_review', second: 'in_review', asked: 'vp', status: 'open', arbiter: 'vp', outcome: null },
  awarded: { first: 'denied', second: 'approved', asked: null, status: 'resolved', arbiter: 'vp', outcome: 'award' },
  appealed: { first: 'in_review', second: 'approved', asked: 'ines', status: 'appealed', arbiter: 'ines', outcome: 'award' },
  heard: { first: 'approved', second: 'revoked', asked: null, status: 'resolved', arbiter: 'ines', outcome: 'award' },
};

const ADDRESSES: Readonly<Record<string, string>> = {
  [FIRST.partner]: FIRST.email,
  [SECOND.partner]: SECOND.email,
  'Mona Gerber': 'manager@acme.example',
  'Dario Reyes': 'director@acme.example',
  'Vera Park': 'vp@acme.example',
  'Ines Duarte': 'ines@acme.example',
};

const story = readDocument('docs/case-story.md');

describeWith(findServers().temporal, 'Two partners register one customer', () => {
  let place: CasePlace;
  beforeAll(async () => {
    place = await openCasePlace();
  }, START_MS);
  afterAll(() => place?.close(), START_MS);

  it(
    'nobody answers but the VP, the loser appeals, and all is as the document tells it',
    async () => {
      const seen: SceneName[] = [];
      const cast = await playCase(place, async (scene, so) => {
        seen.push(scene);
        if (scene !== 'registered') expect([scene, await standing(so)]).toEqual([scene, STANDS[scene]]);
        const section = sectionOf(story, HEADINGS[scene]);
        const told = masked(tableIn(section));
        expect(told.length).toBeGreaterThan(0);
        await until(`the records of "${HEADINGS[scene]}"`, async () => {
          expect(await recordsOf(so, told)).toEqual(told);
          return true;
        });
        await requireMails(section);
      });
      expect(seen).toEqual(SCENES);
      const [ofCase = '', ofFirst = ''] = sectionOf(story, 'What the audit holds').split(/(?=^`npm run cli -- audit list reg)/m);
      expect(auditOf(`case/${cast.caseId}`)).toEqual(entriesIn(ofCase));
      expect(auditOf(`registration/${cast.first.id}`)).toEqual(entriesIn(ofFirst));
      expect(typed('audit', 'verify')).toMatch(/\S/);
      // Neither partner was told of the other, or what the VP wrote when she settled a case of both.
      for (const [to, other] of [
        [FIRST.email, SECOND],
        [SECOND.email, FIRST],
      ] as const) {
        const told = textsTo(to).join('\n');
        expect(told).not.toContain(other.partner);
        expect(told).not.toContain(other.externalId);
        expect(told).not.toContain(WHY_AWARDED);
        expect(told).not.toContain(WHY_OVERTURNED);
      }
    },
    STORY_MS,
  );

  async function standing({ first, second, caseId }: Cast): Promise<object> {
    const { portal } = place.story;
    const [one, other] = [await portal.read(first.id), await portal.read(second.id)];
    const { status, arbiter, outcome } = await readCase(portal, caseId);
    return { first: one.status, second: other.status, asked: one.review?.approver ?? null, status, arbiter, outcome };
  }

  /** The rows of a table of the document, as the CRM has them. */
  async function recordsOf({ first, second }: Cast, rows: Table): Promise<Table> {
    const users = new Map((await place.story.crm.query('SELECT Id, Name FROM User')).map(({ Id, Name }) => [Id as unknown, String(Name)]));
    const ids: Readonly<Record<string, string>> = { [FIRST.externalId]: first.id, [SECOND.externalId]: second.id };
    return Promise.all(
      rows.map(async (row) => {
        const { field = '', ...columns } = row;
        const shown = Object.keys(columns).map(async (number) => {
          const value = (await place.story.whenRow(ids[number] ?? ''))[`${field.replaceAll(' ', '_')}__c`];
          return [number, mask(shownAs(field, value, users))] as const;
        });
        return { field, ...Object.fromEntries(await Promise.all(shown)) };
      }),
    );
  }

  /** Every mail that the section quotes has come, or comes. */
  async function requireMails(section: string): Promise<void> {
    const quoted = [...section.matchAll(/^> \*\*To ([^:]+):\*\* (.*)$/gm)];
    expect(quoted.length).toBeGreaterThan(0);
    for (const [, name = '', text = ''] of quoted) {
      await until(`the mail to ${name}: ${text}`, async () => textsTo(ADDRESSES[name] ?? '').some((mail) => mail.includes(mask(text))));
    }
  }

  function textsTo(address: string): readonly string[] {
    return place.mail.mails
      .filter(({ to }) => to.includes(address))
      .map(({ parsed }) => mask(`${parsed.subject ?? ''}\n${parsed.text ?? ''}`));
  }

  function auditOf(subject: string): Table {
    const { items } = JSON.parse(typed('audit', 'list', subject, '--json')) as {
      readonly items: readonly { readonly kind: string; readonly actor: string }[];
    };
    return items.filter(({ kind }) => !kind.startsWith('message ')).map(({ kind, actor }) => ({ what: kind, by: actor }));
  }

  /** What the command line prints. */
  function typed(...words: readonly string[]): string {
    const options = { encoding: 'utf8', env: { ...inheritedEnvironment(), DATA_DIR: place.system.dataDir } } as const;
    return execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', 'workers/cli/main.ts', ...words], options);
  }
});

type Table = readonly Readonly<Record<string, string>>[];

function entriesIn(text: string): Table {
  return tableIn(text).map(({ what = '', by = '' }) => ({ what, by }));
}

/** As the page shows it: a status by its label, a user by name, nothing as a dash. */
function shownAs(field: string, value: unknown, users: ReadonlyMap<unknown, string>): string {
  if (typeof value !== 'string') return '–';
  if (field === 'Approver') return users.get(value) ?? 'nobody';
  return field === 'Status' ? `${value.charAt(0).toUpperCase()}${value.slice(1)}`.replaceAll('_', ' ') : value;
}

function masked(rows: Table): Table {
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([column, cell]) => [column, mask(cell)])));
}

/** Without moments, which are others in each run. */
function mask(text: string): string {
  return text
    .replace(/\w+day \d{1,2} \w+ \d{4}, \d\d:\d\d \([^)]*\)/g, '<moment>')
    .replace(/\d{1,2} \w{3} \d{4}, \d\d:\d\d UTC/g, '<moment>');
}

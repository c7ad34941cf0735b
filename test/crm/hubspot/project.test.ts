import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { remoteFieldsOf } from '../../../mappings/field-mapping.ts';
import { hubspotProfile, REGISTRATION_OBJECTS, type RegistrationObject } from '../../../mappings/hubspot/registration-object.ts';

/** The project that is shipped to a portal. Checked by HubSpot's own parsing library, and by the types of its own components. */

jest.setTimeout(120_000);

const PROJECT = 'crm/hubspot/project';
/** What takes the place of its files where registrations are deals. */
const ON_DEALS = 'crm/hubspot/project-on-deals';
const MODELS = REGISTRATION_OBJECTS;
const CARDS = join(PROJECT, 'src/app/cards');
const run = promisify(execFile);

interface Component {
  readonly componentType: string;
  readonly componentDeps: Readonly<Record<string, unknown>>;
  readonly metaFilePath: string;
  // The shape is what the tests state.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly config: any;
}

/** The project as HubSpot's tool reads it before an upload, with the variables of a profile in place. */
async function parse(
  folder: string,
): Promise<{ readonly skipped: readonly string[]; readonly components: Readonly<Record<string, Component>> }> {
  const { stdout } = await run(process.execPath, ['test/crm/hubspot/parse-project.js', folder, 'example']);
  return JSON.parse(stdout);
}

/** The project as it is uploaded to a portal of the model. */
function parseModel(model: RegistrationObject): ReturnType<typeof parse> {
  return model === 'deals' ? withCopy((folder) => cpSync(ON_DEALS, folder, { recursive: true }), parse) : parse(PROJECT);
}

function componentOf(components: Readonly<Record<string, Component>>, uid: string): Component {
  const component = components[uid];
  if (component === undefined) throw new Error(`the project has no component ${uid}`);
  return component;
}

/** A copy of the project in the work tree, so that packages are found from it; `change` damages it. */
async function withCopy<Result>(change: (folder: string) => void, work: (folder: string) => Promise<Result>): Promise<Result> {
  mkdirSync('.data', { recursive: true });
  const folder = mkdtempSync(resolve('.data/hubspot-project-'));
  try {
    cpSync(PROJECT, folder, { recursive: true });
    change(folder);
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function replaceIn(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replaceAll(from, to));
}

describe('the HubSpot project', () => {
  it("is read whole by HubSpot's own library: an app, its card and its webhooks", async () => {
    const { skipped, components } = await parse(PROJECT);
    expect(skipped).toEqual([]);
    expect(Object.fromEntries(Object.entries(components).map(([uid, { componentType }]) => [uid, componentType]))).toEqual({
      dealkeeper_app: 'APPLICATION',
      registration_card: 'CARD',
      dealkeeper_webhooks: 'WEBHOOKS',
    });
    expect(componentOf(components, 'registration_card').componentDeps).toMatchObject({ app: 'dealkeeper_app' });
    expect(JSON.stringify(components)).not.toContain('${');
  });

  it('is refused where it is broken', async () => {
    const twice = (folder: string): void =>
      replaceIn(join(folder, 'src/app/webhooks/webhooks-hsmeta.json'), 'dealkeeper_webhooks', 'registration_card');
    await expect(withCopy(twice, parse)).rejects.toThrow(/registration_card/);
    const unnamed = (folder: string): void => replaceIn(join(folder, 'src/app/app-hsmeta.json'), '${DEALKEEPER_URL}', '${NOBODY}');
    await expect(withCopy(unnamed, parse)).rejects.toThrow(/NOBODY/);
  });

  it('asks the address that it may ask, and has its events sent there', async () => {
    const { components } = await parse(PROJECT);
    const { permittedUrls, auth } = componentOf(components, 'dealkeeper_app').config;
    expect(permittedUrls.fetch).toEqual(['https://dealkeeper.example.com']);
    expect(componentOf(components, 'dealkeeper_webhooks').config.settings.targetUrl).toBe(
      'https://dealkeeper.example.com/webhooks/hubspot/hubspot',
    );
    expect(auth.requiredScopes.filter((scope: string) => scope.includes('custom'))).toEqual([]);
    expect(auth.optionalScopes).toContain('crm.objects.custom.write');
  });

  it.each(MODELS)('has a card on what registrations are, as %s', async (model) => {
    const { entrypoint, objectTypes } = componentOf((await parseModel(model)).components, 'registration_card').config;
    expect(readFileSync(join(PROJECT, 'src', entrypoint), 'utf8')).toContain('hubspot.extend');
    expect(objectTypes).toEqual(model === 'deals' ? ['deals'] : ['p_deal_registration']);
  });

  it.each(MODELS)('with registrations as %s, is told of everything that sync has to see, and of nothing else', async (model) => {
    const { crmObjects, legacyCrmObjects, hubEvents } = componentOf((await parseModel(model)).components, 'dealkeeper_webhooks').config
      .subscriptions as { crmObjects: readonly Subscription[]; legacyCrmObjects: readonly object[]; hubEvents: readonly object[] };
    expect([legacyCrmObjects, hubEvents]).toEqual([[], []]);
    expect(crmObjects.filter(({ active }) => !active)).toEqual([]);
    const named = ({ objectType, subscriptionType, propertyName = '' }: Subscription): string =>
      `${objectType} ${subscriptionType} ${propertyName}`.trim();
    expect(crmObjects.map(named).toSorted()).toEqual([...wanted(model)].toSorted());
  });

  it('is the same project in both models but for the card and the webhooks, which keep their names', async () => {
    const [custom, deals] = await Promise.all(MODELS.map(parseModel));
    expect(Object.keys(deals?.components ?? {}).toSorted()).toEqual(Object.keys(custom?.components ?? {}).toSorted());
    expect(deals?.skipped).toEqual([]);
    expect(JSON.stringify(deals?.components)).not.toMatch(/\$\{|p_deal_registration/);
    const app = (of: typeof custom): unknown => componentOf(of?.components ?? {}, 'dealkeeper_app').config;
    expect(app(deals)).toEqual(app(custom));
  });
});

interface Subscription {
  readonly subscriptionType: string;
  readonly objectType: string;
  readonly propertyName?: string;
  readonly active: boolean;
}

/** They follow from others, or change by themselves all day. */
const CALCULATED: ReadonlySet<string> = new Set(['hs_is_closed', 'hs_is_closed_won', 'createdate', 'notes_last_updated']);
/** What capture has to hear of records that HubSpot merges. */
const OF_RECORDS = ['creation', 'deletion', 'merge', 'restore', 'associationChange'];
/** Tasks are ours from the beginning, and HubSpot merges none. */
const OF_TASKS = ['deletion', 'restore', 'associationChange'];

/** `<object> <type of event> <property>` for everything that the mappings of the model read. */
function wanted(model: RegistrationObject): readonly string[] {
  const { mapping, conversion } = hubspotProfile(model);
  const { user: _owners, ...read } = mapping;
  const properties = new Map<string, Set<string>>();
  for (const each of [...Object.values(read), conversion.mapping]) {
    const known = properties.get(each.object) ?? new Set();
    properties.set(each.object, known);
    for (const name of remoteFieldsOf(each)) if (!name.startsWith('associations.') && !CALCULATED.has(name)) known.add(name);
  }
  return [...properties].flatMap(([object, names]) => {
    const word = WORDS[object];
    const kinds = object === 'tasks' ? OF_TASKS : OF_RECORDS;
    return [...kinds.map((kind) => `${word} object.${kind}`), ...[...names].map((name) => `${word} object.propertyChange ${name}`)];
  });
}

/** How a project names the objects. */
const WORDS: Readonly<Record<string, string>> = {
  companies: 'company',
  deals: 'deal',
  tasks: 'task',
  deal_registration: 'p_deal_registration',
};

describe('the card', () => {
  const compile = (folder: string) => run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', folder]);

  it("compiles with the types of HubSpot's components", async () => {
    await expect(compile(CARDS)).resolves.toMatchObject({ stdout: '' });
  });

  it('does not where it uses a component in a way that is none of its own', async () => {
    const change = (folder: string): void => replaceIn(join(folder, 'src/app/cards/registration.tsx'), 'microcopy', 'fine print');
    const failure = await withCopy(change, (folder) => compile(join(folder, 'src/app/cards'))).catch((error: { stdout: string }) => error);
    expect(failure.stdout).toContain('registration.tsx');
  });

  it('names the versions that it was compiled with', () => {
    const versions = (file: string): Readonly<Record<string, string>> => {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(file, 'utf8'));
      return { ...dependencies, ...devDependencies };
    };
    expect(versions('package.json')).toMatchObject(versions(join(CARDS, 'package.json')));
  });
});

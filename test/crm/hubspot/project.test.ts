import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { remoteFieldsOf } from '../../../mappings/field-mapping.ts';
import { hubspotProfile } from '../../../mappings/hubspot/registration-object.ts';

/** The project that is shipped to a portal. Checked by HubSpot's own parsing library, and by the types of its own components. */

jest.setTimeout(120_000);

const PROJECT = 'crm/hubspot/project';
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

  it('has a card file where the card says, for both models', async () => {
    const { components } = await parse(PROJECT);
    const { entrypoint, objectTypes } = componentOf(components, 'registration_card').config;
    expect(readFileSync(join(PROJECT, 'src', entrypoint), 'utf8')).toContain('hubspot.extend');
    expect(objectTypes).toEqual(['deals', 'p_deal_registration']);
  });

  it('is told of every property of companies and deals that is read, and of no other', async () => {
    const { components } = await parse(PROJECT);
    const { crmObjects } = componentOf(components, 'dealkeeper_webhooks').config.subscriptions;
    const told = (objectType: string): ReadonlySet<string> =>
      new Set(
        crmObjects
          .filter(
            (each: { objectType: string; propertyName?: string }) => each.objectType === objectType && each.propertyName !== undefined,
          )
          .map((each: { propertyName: string }) => each.propertyName),
      );
    const { mapping, conversion } = hubspotProfile('deals');
    const isTold = (name: string): boolean => !name.startsWith('associations.') && !CALCULATED.has(name);
    const { account, partner, registration, opportunity } = mapping;
    expect(told('company')).toEqual(new Set([account, partner].flatMap(remoteFieldsOf).filter(isTold)));
    expect(told('deal')).toEqual(new Set([registration, opportunity, conversion.mapping].flatMap(remoteFieldsOf).filter(isTold)));
  });
});

/** They follow from others, or change by themselves all day. */
const CALCULATED: ReadonlySet<string> = new Set(['hs_is_closed', 'hs_is_closed_won', 'createdate', 'notes_last_updated']);

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

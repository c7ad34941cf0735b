import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { configuredVariables, inheritedEnvironment, readConfiguration } from '../workers/config.ts';
import { readRunRecord } from '../workers/embedded/run-record.ts';
import { SEARCH_ATTRIBUTES } from '../workers/embedded/temporal-server.ts';
import { readDocument, sectionOf, shellBlocks, tableIn } from './docs/document.ts';
import { createSystem, type EmbeddedSystem } from './support/embedded-system.ts';
import { findServers } from './support/find-servers.ts';
import { openShell, type Shell } from './support/shell.ts';
import { until } from './support/until.ts';
import { runCommand } from './workers/cli/run-command.ts';

const readme = readDocument('README.md');
const operating = readDocument('docs/operating.md');
const WALK = 'One registration, step by step';
const REAL_ORG = 'A real org';

/** The commands of blocks, a line each. */
function linesOf(blocks: readonly string[]): readonly string[] {
  return blocks.flatMap((block) => block.split('\n'));
}

describe('the commands of the README', () => {
  const scripts = (JSON.parse(readDocument('package.json')) as { scripts: Readonly<Record<string, string>> }).scripts;
  const production = linesOf(shellBlocks(sectionOf(readme, REAL_ORG)));

  it('are all known to this test', () => {
    const known =
      /^(npm (start|test|run)|curl|echo|export|cd crm\/salesforce$|sf|temporal operator|docker compose|[A-Z]+=\$\(|ID=| {2}"|\}')/;
    expect(linesOf(shellBlocks(readme)).filter((line) => !known.test(line))).toEqual([]);
    expect(shellBlocks(readme).length).toBeGreaterThan(10);
  });

  it('name scripts of the package', () => {
    const named = [...`${readme}\n${operating}`.matchAll(/npm (?:run (?:--silent )?)?([a-z:]+)/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(10);
    expect([...new Set(named)].filter((name) => scripts[name] === undefined && name !== 'run')).toEqual([]);
  });

  it('name commands of the command line, here and in the other documents', async () => {
    const text = ['README.md', 'docs/operating.md', 'docs/limitations.md', 'docs/failures.md'].map(readDocument).join('\n');
    const named = new Set([...text.matchAll(/npm run cli -- ([a-z]+ [a-z]+)/g)].map(([, command = '']) => command));
    expect(named.size).toBeGreaterThanOrEqual(7);
    for (const command of named) {
      const { exitCode, stdout } = await runCommand([...command.split(' '), '--help']);
      expect([command, exitCode, stdout.split('\n')[0]]).toEqual([command, 0, expect.stringContaining(`npm run cli -- ${command}`)]);
    }
  }, 120_000);

  it('deploy what is there, and give permission sets that are there', () => {
    expect(production).toContain('npm run cli -- provision');
    const root = 'crm/salesforce/force-app/main/default';
    const sets = production.flatMap((line) => /permset --name (\S+)/.exec(line)?.[1] ?? []);
    const shipped = readdirSync(join(root, 'permissionsets')).map((file) => file.replace('.permissionset-meta.xml', ''));
    expect(sets.toSorted()).toEqual(shipped.toSorted());
  });

  it('register exactly the search attributes that the workflows use', () => {
    const created = production.flatMap((line) => {
      const match = /^temporal operator search-attribute create --name (\w+) --type (\w+)$/.exec(line);
      return match === null ? [] : [[match[1], match[2]]];
    });
    expect(created).toEqual(Object.entries(SEARCH_ATTRIBUTES));
  });

  it('set an environment that configures every production process', () => {
    const variables = production.flatMap((line) => /^export (\w+)=(\S+)$/.exec(line)?.slice(1) ?? []);
    const pairs = variables.flatMap((name, index) => (index % 2 === 0 ? [[name, variables[index + 1]]] : []));
    const reading = readConfiguration(['store', 'temporal', 'api', 'metrics', 'sync', 'connections', 'log'], Object.fromEntries(pairs));
    expect(reading.kind).toBe('configuration');
    if (reading.kind === 'configuration') expect(reading.configuration.connections.salesforce?.auth.kind).toBe('client_credentials');
  });

  it('give Compose the variables and the profile that its file asks for', () => {
    const compose = readDocument('docker-compose.yml');
    const required = new Set([...compose.matchAll(/\$\{(\w+):\?/g)].map(([, name = '']) => name));
    const line = production.find((text) => text.startsWith('export DEALKEEPER_DB_PASSWORD')) ?? '';
    expect(new Set([...line.matchAll(/(\w+)=/g)].map(([, name]) => name))).toEqual(required);
    expect(production).toContain('docker compose --profile sandbox up --build');
    expect(compose).toContain('profiles: [sandbox]');
  });
});

describe('the environment in the README', () => {
  it('lists exactly the variables that are read', () => {
    const listed = tableIn(sectionOf(readme, 'Environment')).flatMap((row) =>
      [...(row['variable'] ?? '').matchAll(/[A-Z][A-Z_]+/g)].map(([name]) => name),
    );
    expect([...listed].sort()).toEqual([...configuredVariables()].sort());
  });
});

describe('the walk through one registration', () => {
  let system: EmbeddedSystem;
  let shell: Shell | null = null;

  beforeAll(async () => {
    system = await createSystem('readme', { sample: true });
    await system.start();
    await until('the closing table', async () => system.output().includes('Ctrl-C stops everything'));
    // As it is kept where the environment sets no token.
    writeFileSync(join(system.dataDir, 'api-token'), system.apiToken);
    shell = openShell({ ...inheritedEnvironment(), DATA_DIR: system.dataDir });
  }, 180_000);

  afterAll(async () => {
    await shell?.close();
    await system.close();
  }, 60_000);

  /** What a person would type who started the system on these ports and in this folder. */
  function typed(block: string): string {
    return block
      .replaceAll('http://127.0.0.1:3000', system.apiUrl)
      .replaceAll('http://127.0.0.1:4100', system.salesforceUrl)
      .replaceAll('.data/', `${system.dataDir}/`);
  }

  it('begins with what `npm start` prints', () => {
    const shown = /```text\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const done = shown.slice(shown.indexOf('What was done')).trimEnd();
    expect(done.split('\n').length).toBe(4);
    expect(system.output()).toContain(done);
    for (const name of ['API', 'token', 'documentation', 'Temporal UI', 'Salesforce sandbox', 'Data and logs']) {
      expect(shown).toMatch(new RegExp(`^ +${name} `, 'm'));
      expect(system.output()).toMatch(new RegExp(`^ +${name} `, 'm'));
    }
  });

  it('works as it is written, block by block', async () => {
    // What each block prints in the end. One that only reads is typed again until it does.
    const expected: readonly { readonly prints: readonly RegExp[]; readonly reads: boolean }[] = [
      { prints: [/"externalId":"WALK-1"/], reads: false },
      { prints: [/"status":"in_review"/, /"approver":"manager"/, /"remoteId":"\w+"/], reads: true },
      { prints: [/"audience":"partner"/, /^review: {2}registration /m], reads: true },
      { prints: [/^$/], reads: false },
      { prints: [/"status":"approved"/, /"Requested_Decision__c":null/, /"Sync_Note__c":"[^"]*manager/, /approved +manager/], reads: true },
      { prints: [/"outcome":"deny"/], reads: true },
      { prints: [/^salesforce: {2}running/m, /There is no open issue\./, /^registration +Deal_Registration__c +\d+ +fits$/m], reads: true },
    ];
    if (shell === null) throw new Error('the system was not started');
    const terminal = shell;
    const blocks = shellBlocks(sectionOf(readme, WALK));
    expect(blocks).toHaveLength(expected.length);
    for (const [index, block] of blocks.entries()) {
      const { prints, reads } = expected[index] ?? { prints: [], reads: false };
      const type = async (): Promise<boolean> => {
        const { output, exitCode } = await terminal.type(typed(block));
        const missing = prints.filter((words) => !words.test(output));
        if (exitCode === 0 && missing.length === 0) return true;
        throw new Error(`block ${index + 1} ended with ${exitCode}, without ${missing.join(', ')}: ${output}`);
      };
      if (reads) await until(`block ${index + 1} prints what it should`, type, 40_000);
      else await type();
    }
  }, 180_000);

  it('registers the search attributes in a namespace of an own server, as it is written', async () => {
    const { temporal } = findServers();
    if (temporal.kind === 'missing') throw new Error(temporal.reason);
    const port = readRunRecord(system.dataDir)?.ports['TEMPORAL_PORT'];
    const environment = { ...inheritedEnvironment(), TEMPORAL_ADDRESS: `127.0.0.1:${port}`, TEMPORAL_NAMESPACE: 'production' };
    const run = (args: string): string => execFileSync(temporal.path, args.split(' '), { encoding: 'utf8', env: environment });
    run('operator namespace create --namespace production');
    const lines = linesOf(shellBlocks(sectionOf(readme, REAL_ORG))).filter((line) => line.startsWith('temporal '));
    expect(lines.length).toBe(Object.keys(SEARCH_ATTRIBUTES).length);
    // A new namespace is known to every part of the server a moment later.
    for (const line of lines) await until(line, async () => run(line.replace(/^temporal /, '')) !== null);
    const listed = run('operator search-attribute list');
    for (const [name, type] of Object.entries(SEARCH_ATTRIBUTES)) expect(listed).toMatch(new RegExp(`${name}\\s+${type}`));
  }, 60_000);

  it('leads to saved views that the Temporal server understands', async () => {
    const port = readRunRecord(system.dataDir)?.ports['TEMPORAL_PORT'];
    const connection = await Connection.connect({ address: `127.0.0.1:${port}` });
    try {
      const client = new Client({ connection });
      const views = [...operating.matchAll(/\[([^\]]+)\]\(http:\/\/127\.0\.0\.1:8233\/namespaces\/default\/workflows\?query=([^)]+)\)/g)];
      expect(views.length).toBeGreaterThan(5);
      for (const [, words = '', query = ''] of views) {
        expect(decodeURIComponent(query)).toBe(words);
        await client.workflow.count(words);
      }
      for (const found of [
        'WorkflowType = "conflictCase"',
        'PartnerId IS NOT NULL',
        'Connection = "salesforce" AND ObjectType = "partner"',
      ]) {
        expect((await client.workflow.count(found)).count).toBeGreaterThan(0);
      }
      await expect(client.workflow.count('NoSuchAttribute = 1')).rejects.toThrow(/Failed to count/);
    } finally {
      await connection.close();
    }
  }, 60_000);
});

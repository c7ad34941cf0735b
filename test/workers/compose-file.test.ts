import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readConfiguration } from '../../workers/config.ts';
import { SEARCH_ATTRIBUTES } from '../../workers/embedded/temporal-server.ts';
import { IMPORT_TABLE } from '../architecture/import-table.ts';

interface Service {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly volumes?: readonly string[];
  readonly profiles?: readonly string[];
}
interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const root = process.cwd();
const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const file = parse(text, { merge: true }) as ComposeFile;

/** A value as Compose would fill it in from `given`: `${NAME}`, `${NAME:-default}`, `${NAME:?message}`. */
function fillIn(value: string | number, given: Readonly<Record<string, string>>): string {
  return String(value).replace(
    /\$\{(\w+)(?::[-?]([^}]*))?\}/g,
    (_all, name: string, fallback: string | undefined) => given[name] ?? fallback ?? '',
  );
}

describe('docker-compose.yml', () => {
  it('has the database, Temporal with its own and the UI, the API and the worker, and the CRMs in a profile', () => {
    const always = Object.entries(file.services).filter(([, service]) => service.profiles === undefined);
    expect(always.map(([name]) => name)).toEqual([
      'postgres',
      'temporal-postgres',
      'temporal',
      'temporal-search-attributes',
      'temporal-ui',
      'api',
      'worker',
    ]);
    const sandboxes = Object.entries(file.services).filter(([, service]) => service.profiles?.includes('sandbox'));
    expect(sandboxes.map(([name]) => name)).toEqual(['salesforce-sandbox', 'hubspot-sandbox']);
  });

  it('names only services and volumes that there are', () => {
    for (const service of Object.values(file.services)) {
      for (const other of Object.keys(service.depends_on ?? {})) expect(Object.keys(file.services)).toContain(other);
      for (const volume of service.volumes ?? []) expect(Object.keys(file.volumes)).toContain(volume.split(':')[0]);
    }
  });

  it('configures the API and the worker completely', () => {
    const given = { DEALKEEPER_DB_PASSWORD: 'secret', API_TOKEN: 'a-token-of-16-chars' };
    for (const name of ['api', 'worker']) {
      const entries = Object.entries(file.services[name]?.environment ?? {}).map(
        ([variable, value]) => [variable, fillIn(value, given)] as const,
      );
      const reading = readConfiguration(
        ['store', 'temporal', 'api', 'metrics', 'sync', 'connections', 'notify', 'log'],
        Object.fromEntries(entries),
      );
      expect(reading).toMatchObject({
        kind: 'configuration',
        configuration: { api: { host: '0.0.0.0' }, connections: { salesforce: null }, notify: { webhook: null, email: null } },
      });
    }
  });

  it('registers the search attributes that the embedded server has', () => {
    const listed = /for attribute in ([^;]+);/.exec(text)?.[1]?.split(' ');
    expect(listed).toEqual(Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) => `${name}:${type}`));
  });

  it('runs files that the image has', () => {
    const copied = [...readFileSync(join(root, 'Dockerfile'), 'utf8').matchAll(/^COPY (\w+) \1$/gm)].map((match) => match[1]);
    const kept = [...readFileSync(join(root, '.dockerignore'), 'utf8').matchAll(/^!(\w+)$/gm)].map((match) => match[1]);
    expect(kept).toEqual(copied);
    // Whatever the processes may import is there.
    for (const folder of IMPORT_TABLE['workers']?.values ?? []) expect(copied).toContain(folder);
    for (const service of Object.values(file.services)) {
      const [started] = service.command ?? [];
      if (started?.endsWith('.ts') === true) expect(copied).toContain(started.split('/')[0]);
    }
  });
});

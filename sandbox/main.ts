/** `npm run sandbox -- salesforce|hubspot`: one emulated CRM by itself. */

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { openHubspotSandbox } from './hubspot/open-sandbox.ts';
import { openSalesforceSandbox } from './salesforce/open-sandbox.ts';
import { appDefinition } from './salesforce/sign-in/connected-app.ts';
import type { ConnectedApp } from './salesforce/sign-in/connected-app.ts';

const SALESFORCE_PORT = 4100;
const HUBSPOT_PORT = 4200;
const SEED = 1;

interface RunOptions {
  readonly port: number;
  readonly host: string;
  readonly empty?: true;
  readonly bare?: true;
  readonly multiCurrency?: true;
  readonly also?: string;
  readonly data?: string;
  readonly apps?: readonly ConnectedApp[];
  readonly publicUrl?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

function parseUrl(text: string): string {
  if (/^https?:\/\/[^/?#]+\/?$/.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError('expected an address without a path, such as https://localhost:4143');
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InvalidArgumentError(`cannot be read (${(error as { code?: string }).code ?? 'unknown'}); expected a PEM file`);
  }
}

function tlsOf({ tlsCert: cert, tlsKey: key }: RunOptions): { readonly tls?: { readonly cert: string; readonly key: string } } {
  if (cert === undefined && key === undefined) return {};
  if (cert === undefined || key === undefined) throw new Error('https needs both --tls-cert and --tls-key');
  return { tls: { cert, key } };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('expected a whole number, 0–65535 (0: any free port)');
  return port;
}

function readApps(file: string): readonly ConnectedApp[] {
  try {
    const parsed = z
      .array(appDefinition)
      .min(1)
      .safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(z.prettifyError(parsed.error));
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw error;
    // What the parser says would quote the file, which may be another one, with a key in it.
    throw new InvalidArgumentError(
      `expected a JSON file with a list of connected apps (${(error as { code?: string }).code ?? 'this is no JSON'})`,
    );
  }
}

async function runSalesforce(options: RunOptions): Promise<void> {
  const root = resolve(import.meta.dirname, '..');
  const sandbox = await openSalesforceSandbox({
    port: options.port,
    host: options.host,
    dataFile: options.data === undefined ? ':memory:' : join(resolve(options.data), 'salesforce-sandbox.sqlite'),
    metadataRoot: options.bare === true ? null : join(root, 'crm/salesforce/force-app/main/default'),
    ...(options.also === undefined || options.bare === true ? {} : { moreMetadata: [resolve(options.also)] }),
    sampleFile: options.empty === true || options.bare === true ? null : join(root, 'programs/sample/crm.json'),
    pageFolder: join(root, 'sandbox/salesforce/page'),
    multiCurrency: options.multiCurrency === true,
    seed: SEED,
    ...(options.apps === undefined ? {} : { apps: options.apps }),
    ...(options.publicUrl === undefined ? {} : { publicUrl: options.publicUrl }),
    ...tlsOf(options),
  });
  announce(sandbox);
}

interface HubspotRunOptions {
  readonly port: number;
  readonly host: string;
  readonly empty?: true;
  readonly bare?: true;
  readonly data?: string;
  readonly webhooksAnywhere?: true;
}

async function runHubspot(options: HubspotRunOptions): Promise<void> {
  const root = resolve(import.meta.dirname, '..');
  const sandbox = await openHubspotSandbox({
    port: options.port,
    host: options.host,
    dataFile: options.data === undefined ? ':memory:' : join(resolve(options.data), 'hubspot-sandbox.sqlite'),
    sampleFile: options.empty === true || options.bare === true ? null : join(root, 'programs/sample/crm.json'),
    ...(options.bare === true ? {} : { definitionFile: join(root, 'crm/hubspot/portal/definition.json') }),
    seed: SEED,
    pageFolder: join(root, 'sandbox/hubspot/page'),
    webhooksAnywhere: options.webhooksAnywhere === true,
  });
  announce(sandbox);
}

/** Says that calls are taken, until a signal comes. */
function announce(sandbox: { readonly url: string; readonly close: () => Promise<void> }): void {
  const stop = () => {
    void sandbox.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  process.stdout.write(`ready ${sandbox.url}\n`);
}

function explain(error: unknown): string {
  const { code, port, message = String(error) } = error as { code?: string; port?: number; message?: string };
  return code === 'EADDRINUSE' ? `Port ${port ?? ''} is in use. Stop what uses it, or choose another with --port.` : message;
}

const program = new Command('sandbox').description('Runs an emulated CRM by itself, on loopback.');
program
  .command('salesforce')
  .description('an emulated Salesforce org')
  .option('--port <number>', 'port to listen on', parsePort, SALESFORCE_PORT)
  .option('--host <address>', 'interface to listen on; anything but the loopback is for containers', '127.0.0.1')
  .option('--empty', 'users and object definitions only, no records')
  .option('--bare', 'nothing deployed and no records: an org before `provision`')
  .option('--multi-currency', 'records in dollars, euros, pounds and yen, each with its currency')
  .option('--also <folder>', 'deploy this Salesforce DX project as well, such as crm/salesforce/registration-on-lead')
  .option('--data <folder>', 'keep the org in this folder; without it, the org is gone when the sandbox stops')
  .option('--public-url <address>', 'what answers call this org, where something stands in front of it', parseUrl)
  .option('--tls-cert <file>', 'answer https instead of http, with this certificate (PEM)', readPem)
  .option('--tls-key <file>', 'the key of the certificate (PEM)', readPem)
  .option('--apps <file>', 'JSON list of connected apps; without it, every client id and secret is taken', readApps)
  .action(runSalesforce);
program
  .command('hubspot')
  .description('an emulated HubSpot portal')
  .option('--port <number>', 'port to listen on', parsePort, HUBSPOT_PORT)
  .option('--host <address>', 'interface to listen on; anything but the loopback is for containers', '127.0.0.1')
  .option('--empty', 'people and definitions only, no records')
  .option('--bare', 'people and HubSpot’s own objects only, no records: a portal before `provision`')
  .option('--data <folder>', 'keep the portal in this folder; without it, the portal is gone when the sandbox stops')
  .option('--webhooks-anywhere', 'send webhooks to other machines too; without it, only to this one')
  .action(runHubspot);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}

/** Packages for deployments, written by hand: what the tests deploy is none of our own conversion. */

import { Connection } from 'jsforce';
import type { DeployOptions, DeployResult } from 'jsforce/lib/api/metadata.js';
import { strToU8, zipSync } from 'fflate';

const XMLNS = 'xmlns="http://soap.sforce.com/2006/04/metadata"';

/** A file of the metadata format. */
export function metadataFile(root: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} ${XMLNS}>\n${content}\n</${root}>\n`;
}

/** The zip file of `files`, whose manifest names `types`. */
export function zipOf(types: Readonly<Record<string, readonly string[]>>, files: Readonly<Record<string, string>>): Buffer {
  const named = Object.entries(types).map(
    ([name, members]) => `<types>${members.map((each) => `<members>${each}</members>`).join('')}<name>${name}</name></types>`,
  );
  const all = { 'package.xml': metadataFile('Package', `${named.join('')}<version>66.0</version>`), ...files };
  return Buffer.from(zipSync(Object.fromEntries(Object.entries(all).map(([name, text]) => [name, strToU8(text)]))));
}

export function connect(url: string, alias = 'integration'): Connection {
  const connection = new Connection({ instanceUrl: url, accessToken: `00D000000000001!${alias}`, version: '66.0' });
  connection.metadata.pollInterval = 5;
  return connection;
}

/** Deploys by jsforce's own client and waits until it is done. */
export function deployBy(connection: Connection, zip: Buffer, options: Partial<DeployOptions> = {}): Promise<DeployResult> {
  return connection.metadata.deploy(zip, { rollbackOnError: true, singlePackage: true, ...options }).complete(true);
}

/** An object of one text field, `Color__c`. */
export const GADGET = metadataFile(
  'CustomObject',
  `    <deploymentStatus>Deployed</deploymentStatus>
    <label>Gadget</label>
    <pluralLabel>Gadgets</pluralLabel>
    <nameField><label>Gadget Name</label><type>Text</type></nameField>
    <sharingModel>ReadWrite</sharingModel>
    <fields>
        <fullName>Color__c</fullName>
        <label>Color</label>
        <length>40</length>
        <type>Text</type>
    </fields>
    <listViews>
        <fullName>All</fullName>
        <columns>NAME</columns>
        <columns>Color__c</columns>
        <filterScope>Everything</filterScope>
        <label>All Gadgets</label>
    </listViews>`,
);

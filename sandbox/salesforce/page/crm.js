/** Calls of the REST API as the chosen user. Everything on this page goes through the same API as any other client. */

const BASE = '/services/data/v66.0';
const TOKEN = '00D000000000001!';
const described = new Map();

/** The alias of the user whom the page works as; kept in this browser. */
export function currentUser() {
  return localStorage.getItem('sandbox-user') ?? 'rep';
}

export function chooseUser(alias) {
  localStorage.setItem('sandbox-user', alias);
}

/** A refusal: `complaints` are the CRM's own error objects. */
export class CrmError extends Error {
  constructor(status, complaints) {
    super(complaints.map(({ message }) => message).join(' '));
    this.name = `HTTP ${status}`;
    this.complaints = complaints;
  }
}

async function call(path, options = {}) {
  const headers = { Authorization: `Bearer ${TOKEN}${currentUser()}`, 'Content-Type': 'application/json' };
  const answer = await fetch(`${BASE}${path}`, { ...options, headers });
  const text = await answer.text();
  if (answer.ok) return text === '' ? null : JSON.parse(text);
  let complaints;
  try {
    complaints = [JSON.parse(text)].flat();
  } catch {
    complaints = [{ errorCode: `HTTP ${answer.status}`, message: text.replace(/<[^>]*>/g, ' ').trim() || answer.statusText }];
  }
  throw new CrmError(answer.status, complaints);
}

/** The first page of a query's answer. */
export function query(soql) {
  return call(`/query?q=${encodeURIComponent(soql)}`);
}

/** The description of an object; asked for once. */
export async function describe(objectName) {
  if (!described.has(objectName)) described.set(objectName, call(`/sobjects/${objectName}/describe`));
  try {
    return await described.get(objectName);
  } catch (error) {
    described.delete(objectName);
    throw error;
  }
}

export function update(objectName, id, changes) {
  return call(`/sobjects/${objectName}/${id}`, { method: 'PATCH', body: JSON.stringify(changes) });
}

/** Text as a SOQL literal. */
export function literal(text) {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** Text as the middle of a LIKE pattern, in which it means itself. */
export function likeLiteral(text) {
  return `'%${text.replace(/[\\'%_]/g, '\\$&')}%'`;
}

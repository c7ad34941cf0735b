import { chooseUser, currentUser, describe, query } from './crm.js';
import { element, errorBox } from './element.js';
import { showList } from './list-view.js';
import { OBJECT_PAGES } from './object-page.js';
import { showRecord } from './record-view.js';

const main = document.getElementById('main');
const HOME = 'Deal_Registration__c';
let users = [];
let shown = 0;

/** Reads the address, such as `#/Account?view=mine` or `#/Account/001…`, and shows what it names. */
async function route() {
  const [path, search] = location.hash.replace(/^#\//, '').split('?');
  const [objectName, id] = path.split('/');
  if (!(objectName in OBJECT_PAGES)) {
    location.replace(`#/${HOME}`);
    return;
  }
  markTab(objectName);
  shown += 1;
  const turn = shown;
  main.setAttribute('aria-busy', 'true');
  // Content is built apart and shown at once, so that a slow answer never replaces a later page.
  const next = element('div', {});
  try {
    if (id) await showRecord(next, objectName, id);
    else await showList(next, objectName, new URLSearchParams(search), currentUserId());
  } catch (error) {
    next.replaceChildren(errorBox(error));
  }
  if (turn !== shown) return;
  main.replaceChildren(next);
  main.setAttribute('aria-busy', 'false');
  const heading = main.querySelector('h1');
  document.title = `${heading?.textContent ?? 'Record'} · Salesforce sandbox`;
  if (document.activeElement === document.body || document.activeElement?.closest('main') === null) heading?.focus({ preventScroll: true });
  if (id) window.scrollTo(0, 0);
}

function currentUserId() {
  return users.find((user) => user.Alias === currentUser())?.Id ?? '';
}

async function drawTabs() {
  const tabs = Object.entries(OBJECT_PAGES).map(async ([objectName, page]) => {
    const exists = await describe(objectName).then(
      () => true,
      () => false,
    );
    return exists ? element('a', { href: `#/${objectName}`, 'data-object': objectName }, page.tab) : null;
  });
  document.getElementById('tabs').replaceChildren(...(await Promise.all(tabs)).filter(Boolean));
}

function markTab(objectName) {
  for (const tab of document.querySelectorAll('#tabs a')) {
    if (tab.dataset.object === objectName) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
}

async function drawUsers() {
  const select = document.getElementById('user');
  const answer = await query('SELECT Id, Name, Alias, Title FROM User WHERE IsActive = true ORDER BY Alias');
  users = answer.records;
  select.replaceChildren(
    ...users.map((user) =>
      element('option', { value: user.Alias, selected: user.Alias === currentUser() }, `${user.Name} (${user.Alias})`),
    ),
  );
  select.addEventListener('change', () => {
    chooseUser(select.value);
    void route();
  });
}

try {
  await Promise.all([drawUsers(), drawTabs()]);
  window.addEventListener('hashchange', () => void route());
  await route();
} catch (error) {
  main.replaceChildren(errorBox(error));
}

import { noteVisit, readAddress } from './address.js';
import { describe, objectLabels } from './crm/description.js';
import { chooseAlias, currentAlias, whenChosenElsewhere } from '../../kit/page/session.js';
import { currentUser, loadUsers } from './crm/user.js';
import { announce, element, errorBox, redraw } from '../../kit/page/element.js';
import { openListPage } from './list/list-page.js';
import { OBJECT_PAGES } from './object-page.js';
import { openNewPage } from './record/new-page.js';
import { openRecordPage } from './record/record-page.js';
import { loadScreens } from './screen.js';
import { hasUnsaved, mayLeave } from '../../kit/page/unsaved.js';
import { openWorkPage } from './work/work-page.js';

const main = document.getElementById('main');
const tabs = document.getElementById('tabs');
const userSelect = document.getElementById('user');
const OPEN = { work: openWorkPage, list: openListPage, record: openRecordPage, new: openNewPage };

let shown = { hash: null, view: null };
let turn = 0;

/** Shows what the address names. A view that can show another state of itself does so; any other is built apart and put in place when it is whole. */
async function follow() {
  const { hash } = location;
  const address = readAddress(hash);
  if (address === null) {
    location.replace('#/');
    return;
  }
  if (hash !== shown.hash && !(await mayLeave())) {
    history.pushState(null, '', shown.hash);
    return;
  }
  turn += 1;
  const mine = turn;
  main.setAttribute('aria-busy', 'true');
  if (shown.view !== null && hash !== shown.hash && (await shown.view.follow(address))) {
    shown.hash = hash;
    if (mine === turn) main.setAttribute('aria-busy', 'false');
    return;
  }
  shown.view?.close();
  const view = await OPEN[address.kind](address).catch(refusedView);
  if (mine !== turn) {
    view.close();
    return;
  }
  place(view, address, hash);
}

function place(view, address, hash) {
  const isFirst = shown.hash === null;
  const isSame = shown.hash === hash;
  shown = { hash, view };
  main.replaceChildren(view.element);
  main.setAttribute('aria-busy', 'false');
  document.title = `${view.title} · Salesforce sandbox`;
  markTab(address);
  if (isSame) return;
  noteVisit();
  window.scrollTo(0, 0);
  if (view.focus !== undefined) view.focus();
  else if (!isFirst) main.querySelector('h1')?.focus({ preventScroll: true });
}

function refusedView(error) {
  if (error.status === 401) void drawUsers();
  return {
    element: element('div', {}, element('h1', { tabindex: '-1' }, 'This cannot be shown'), errorBox(error), refusedHint(error)),
    title: 'This cannot be shown',
    close: () => undefined,
    follow: async () => false,
  };
}

function refusedHint(error) {
  if (error.status !== 401) return null;
  return element(
    'p',
    {},
    `The user “${currentAlias()}” has no session: inactive users and those of another org cannot sign in. Choose somebody else above.`,
  );
}

async function drawTabs() {
  const labels = await objectLabels().catch(
    () => new Map(Object.keys(OBJECT_PAGES).map((name) => [name, name.replace(/__c$/, 's').replaceAll('_', ' ')])),
  );
  const objects = Object.keys(OBJECT_PAGES).filter((name) => labels.has(name));
  const tab = (href, name, label) => element('li', {}, element('a', { href, 'data-object': name }, label));
  tabs.replaceChildren(tab('#/', '', 'My work'), ...objects.map((name) => tab(`#/${name}`, name, labels.get(name))));
}

function markTab({ objectName }) {
  for (const tab of tabs.querySelectorAll('a')) {
    if (tab.dataset.object !== (objectName ?? '')) tab.removeAttribute('aria-current');
    else {
      tab.setAttribute('aria-current', 'page');
      tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
  }
}

async function drawUsers() {
  const users = await loadUsers();
  const label = ({ Name, Alias, IsActive }) => `${Name} (${Alias}${IsActive ? '' : ', inactive'})`;
  const options = users.map((user) => element('option', { value: user.Alias, selected: user.Alias === currentAlias() }, label(user)));
  const isUnknown = currentUser() === null;
  redraw(
    userSelect,
    isUnknown ? element('option', { value: currentAlias(), selected: true }, `${currentAlias()} (unknown)`) : null,
    options,
  );
}

async function work(as) {
  if (!(await mayLeave())) {
    userSelect.value = currentAlias();
    return;
  }
  chooseAlias(as);
  userSelect.value = as;
  shown.view?.close();
  shown = { hash: location.hash, view: null };
  await follow();
  announce(`Working as ${currentUser()?.Name ?? as}.`);
}

userSelect.addEventListener('change', () => void work(userSelect.value));
// Another tab changed who works here. What is being typed in this one stays with the user who types it.
whenChosenElsewhere((alias) => void (hasUnsaved() ? undefined : work(alias)));
document.getElementById('skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
window.addEventListener('hashchange', () => void follow());

// The first view needs this too: it is asked for beside the rest, and a refusal is the view's to show.
void describe(readAddress(location.hash)?.objectName ?? 'Deal_Registration__c').catch(() => undefined);
try {
  await Promise.all([loadScreens(), drawUsers(), drawTabs()]);
} catch (error) {
  main.replaceChildren(errorBox(error));
}
await follow();

import { announce, element, errorBox, redraw } from '../../kit/page/element.js';
import { chooseAlias, currentAlias, whenChosenElsewhere } from '../../kit/page/session.js';
import { hasUnsaved, mayLeave } from '../../kit/page/unsaved.js';
import { listAddress, readAddress, START } from './address.js';
import { forgetDefinitions, objectTypes, readOwners } from './crm/definition.js';
import { openDeletedPage } from './deleted-page.js';
import { openListPage } from './list-page.js';
import { openNewPage } from './record/new-page.js';
import { openRecordPage } from './record/record-page.js';

const main = document.getElementById('main');
const tabs = document.getElementById('tabs');
const userSelect = document.getElementById('user');
const OPEN = { list: openListPage, record: openRecordPage, new: openNewPage, deleted: openDeletedPage };

let shown = { hash: null, view: null };
let turn = 0;

/** Shows what the address names. A list can show another state of itself; any other view is built apart and put in place when it is whole. */
async function follow() {
  const { hash } = location;
  const address = readAddress(hash);
  if (address === null) {
    location.replace(START);
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
  shown = { hash, view };
  main.replaceChildren(view.element);
  main.setAttribute('aria-busy', 'false');
  document.title = `${view.title} · HubSpot sandbox`;
  markTab(address);
  window.scrollTo(0, 0);
  if (view.focus !== undefined) view.focus();
  else if (!isFirst) main.querySelector('h1')?.focus({ preventScroll: true });
}

function refusedView(error) {
  return {
    element: element('div', {}, element('h1', { tabindex: '-1' }, 'This cannot be shown'), errorBox(error)),
    title: 'This cannot be shown',
    close: () => undefined,
    follow: async () => false,
  };
}

async function drawTabs() {
  const types = await objectTypes();
  const tab = ({ id, labels }) => element('li', {}, element('a', { href: listAddress(id), 'data-object': id }, labels.plural));
  tabs.replaceChildren(...types.map(tab));
}

function markTab({ typeId }) {
  for (const tab of tabs.querySelectorAll('a')) {
    if (tab.dataset.object !== typeId) tab.removeAttribute('aria-current');
    else {
      tab.setAttribute('aria-current', 'page');
      tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
  }
}

async function drawUsers() {
  const owners = await readOwners();
  const isKnown = owners.some(({ alias }) => alias === currentAlias());
  redraw(
    userSelect,
    isKnown ? null : element('option', { value: currentAlias(), selected: true }, `${currentAlias()} (unknown)`),
    owners.map(({ alias, name }) => element('option', { value: alias, selected: alias === currentAlias() }, `${name} (${alias})`)),
  );
}

async function work(as) {
  if (!(await mayLeave())) {
    userSelect.value = currentAlias();
    return;
  }
  chooseAlias(as);
  forgetDefinitions();
  shown.view?.close();
  shown = { hash: location.hash, view: null };
  await Promise.all([drawUsers(), drawTabs()]).catch(() => undefined);
  await follow();
  announce(`Working as ${userSelect.selectedOptions[0]?.textContent ?? as}.`);
}

userSelect.addEventListener('change', () => void work(userSelect.value));
// Another tab changed who works here. What is being typed in this one stays with the user who types it.
whenChosenElsewhere((alias) => void (hasUnsaved() ? undefined : work(alias)));
document.getElementById('skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
window.addEventListener('hashchange', () => void follow());

await Promise.all([drawUsers(), drawTabs()]).catch((error) => main.replaceChildren(errorBox(error)));
await follow();

// What the pages need of the browser itself. No inline scripts: the content security policy forbids them.
(() => {
  const cookie = (name, value) => { document.cookie = `${name}=${encodeURIComponent(value)};path=/;max-age=31536000;samesite=lax${location.protocol === 'https:' ? ';secure' : ''}`; };
  const read = name => decodeURIComponent((document.cookie.split('; ').find(c => c.startsWith(name + '=')) ?? '').slice(name.length + 1));

  // ---- theme: the media attributes of the two style sheets ----
  const media = { light: { system: 'not all and (prefers-color-scheme: dark)', light: 'all', dark: 'not all' }, dark: { system: '(prefers-color-scheme: dark)', light: 'not all', dark: 'all' } };
  const theme = choice => {
    document.documentElement.dataset.theme = choice;
    for (const sheet of document.querySelectorAll('link[data-theme-sheet]')) sheet.media = media[sheet.dataset.themeSheet][choice];
  };
  const showTheme = () => { for (const select of document.querySelectorAll('[data-theme-choice]')) select.value = document.documentElement.dataset.theme || 'system'; };
  document.addEventListener('change', e => {
    if (!e.target.matches?.('[data-theme-choice]')) return;
    cookie('payflow-theme', e.target.value);
    theme(e.target.value);
  });

  // ---- keys ----
  let keys = null, isGoing = 0;
  const isTyping = target => target.closest?.('input, textarea, select, [contenteditable="true"], [role="textbox"]');
  const help = () => { const dialog = document.getElementById('keys'); if (dialog && !dialog.open) dialog.showModal(); };
  document.addEventListener('click', e => { if (e.target.closest?.('[data-keys-help]')) help(); });
  document.addEventListener('keydown', e => {
    if (e.ctrlKey || e.metaKey || e.altKey || isTyping(e.target) || document.querySelector('dialog[open]')) return;
    if (e.key === '?') { help(); e.preventDefault(); return; }
    if (e.key === '/') {
      const search = document.querySelector('[data-search]');
      if (search) { search.focus(); e.preventDefault(); }
      return;
    }
    if (isGoing > Date.now()) { isGoing = 0; keys?.invokeMethodAsync('Go', e.key); e.preventDefault(); return; }
    if (e.key === 'g') isGoing = Date.now() + 1500;
  });

  // ---- a command is copied ----
  document.addEventListener('click', async e => {
    const button = e.target.closest?.('[data-copy]');
    if (!button) return;
    const said = button.textContent;
    try { await navigator.clipboard.writeText(button.dataset.copy); button.textContent = 'Copied'; }
    catch { getSelection().selectAllChildren(button.parentElement.querySelector('code')); button.textContent = 'Selected'; }
    setTimeout(() => { button.textContent = said; }, 2000);
  });

  // ---- the menu of pages without a circuit ----
  document.addEventListener('click', e => {
    const toggle = e.target.closest?.('[data-nav-toggle]');
    if (!toggle) return;
    toggle.setAttribute('aria-expanded', document.getElementById('nav').classList.toggle('nav-open'));
  });

  // ---- a menu closes when something else is touched, or by Esc ----
  document.addEventListener('click', e => { for (const menu of document.querySelectorAll('details.menu[open]')) if (!menu.contains(e.target)) menu.open = false; });
  document.addEventListener('keydown', e => {
    if (e.key !== 'Escape') return;
    for (const menu of document.querySelectorAll('details.menu[open]')) { menu.open = false; menu.querySelector('summary')?.focus(); }
  });

  // ---- the host was away: when it is back, the page is loaded anew if its session has gone ----
  const modal = document.getElementById('components-reconnect-modal');
  const isGone = () => modal.classList.contains('components-reconnect-failed') || modal.classList.contains('components-reconnect-rejected');
  let isWaiting = false;
  const waitForHost = async () => {
    if (isWaiting || !isGone()) return;
    isWaiting = true;
    for (; ;) {
      try {
        if ((await fetch('/health/live', { cache: 'no-store' })).ok) { location.reload(); return; }
      } catch { /* still away */ }
      await new Promise(resolve => setTimeout(resolve, 1000));
    }
  };
  if (modal) new MutationObserver(waitForHost).observe(modal, { attributes: true, attributeFilter: ['class'] });

  window.payflow = {
    start(tab, keyList) {
      keys = keyList;
      showTheme();
      // From here on the page answers: tests and scripts wait for it.
      document.documentElement.dataset.interactive = 'true';
      document.addEventListener('visibilitychange', () => tab.invokeMethodAsync('Set', document.visibilityState === 'visible').catch(() => { }));
      const choice = read('payflow-zone') || 'browser';
      return [choice, choice === 'browser' ? Intl.DateTimeFormat().resolvedOptions().timeZone : choice === 'store' ? read('payflow-store-zone') || 'Etc/UTC' : 'Etc/UTC'];
    },
    zone(choice, store) {
      cookie('payflow-zone', choice);
      cookie('payflow-store-zone', store);
      return choice === 'browser' ? Intl.DateTimeFormat().resolvedOptions().timeZone : choice === 'store' ? store : 'Etc/UTC';
    },
    open(dialog) { if (dialog && !dialog.open) dialog.showModal(); },
    close(dialog) { if (dialog?.open) dialog.close(); },
    select(text) {
      const url = new URL(location.href);
      if ((url.searchParams.get('sel') ?? '') === (text ?? '')) return;
      if (text) url.searchParams.set('sel', text); else url.searchParams.delete('sel');
      history.replaceState(history.state, '', url);
    },
    focus(selector) { document.querySelector(selector)?.focus(); },
    scrollTo(selector) { document.querySelector(selector)?.scrollIntoView({ block: 'nearest' }); },
  };
  showTheme();
})();

// The keys of the diff. They are off while somebody types, while a dialog is open, and where another listener has taken the key already ("g" and a letter).
const actions = { n: 'next', p: 'previous', 1: 'terminal', 2: 'central', e: 'edit', s: 'save', j: 'down', k: 'up', ArrowDown: 'down', ArrowUp: 'up' };

export function start(page) {
  const listen = e => {
    if (document.querySelector('dialog[open]')) return;
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
      // What is being typed counts only when the field is left.
      document.activeElement?.blur();
      page.invokeMethodAsync('OnKey', 'save');
      e.preventDefault();
      return;
    }
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.target.closest?.('input, textarea, select, [contenteditable="true"]')) return;
    const action = actions[e.key];
    if (!action) return;
    e.preventDefault();
    page.invokeMethodAsync('OnKey', action);
  };
  let typed = null;
  const enter = e => { if (e.target.closest?.('.own')) typed = { input: e.target, before: e.target.value }; };
  const leave = e => {
    if (!e.target.closest?.('.own')) return;
    if (e.key === 'Escape') { e.preventDefault(); if (e.target === typed?.input && e.target.type !== 'checkbox') e.target.value = typed.before; e.target.closest('tr').focus(); page.invokeMethodAsync('OnKey', 'close'); }
    // Enter takes the text as it stands, changed or not.
    if (e.key === 'Enter' && e.target.matches('input:not([type="checkbox"])') && !e.ctrlKey && !e.metaKey) { e.preventDefault(); e.target.dispatchEvent(new Event('change', { bubbles: true })); e.target.closest('tr').focus(); }
  };
  document.addEventListener('keydown', listen);
  document.addEventListener('keydown', leave);
  document.addEventListener('focusin', enter);
  return { stop() { document.removeEventListener('keydown', listen); document.removeEventListener('keydown', leave); document.removeEventListener('focusin', enter); } };
}

import { useEffect, type RefObject } from 'react';

/**
 * Makes GraphiQL's tabs a list of buttons. GraphiQL nests buttons in elements with the role tab,
 * where screen readers do not find them.
 */
export function useTabList(container: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const watched = container.current;
    if (!watched) return;
    const observer = new MutationObserver(() => replaceRoles(watched));
    observer.observe(watched, {
      subtree: true,
      childList: true,
      attributeFilter: ['role', 'aria-selected'],
    });
    replaceRoles(watched);
    return () => observer.disconnect();
  }, [container]);
}

function replaceRoles(container: HTMLElement): void {
  for (const tab of container.querySelectorAll(
    '.graphiql-tab[role="tab"], .graphiql-tab[aria-selected]',
  )) {
    const isActive = tab.getAttribute('aria-selected') === 'true';
    tab.removeAttribute('role');
    tab.removeAttribute('aria-selected');
    tab.closest('[role="tablist"]')?.removeAttribute('role');
    tab.querySelector('.graphiql-tab-button')?.setAttribute('aria-current', String(isActive));
  }
}

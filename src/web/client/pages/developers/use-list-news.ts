import { useEffect, useRef, useState } from 'react';

/**
 * Announces changes of a list. After a removal the focused element is gone, so the list's heading
 * gets the focus.
 */
export function useListNews() {
  const heading = useRef<HTMLHeadingElement>(null);
  const [news, setNews] = useState({ announcement: '', isRemoval: false });
  useEffect(() => {
    if (news.isRemoval) heading.current?.focus();
  }, [news]);
  return {
    heading,
    announcement: news.announcement,
    added: (announcement: string) => setNews({ announcement, isRemoval: false }),
    removed: (announcement: string) => setNews({ announcement, isRemoval: true }),
  };
}

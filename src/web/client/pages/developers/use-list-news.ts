import { useEffect, useRef, useState } from 'react';

/** Says what happened to a list. After a removal what had the focus is gone: the list's heading gets it. */
export function useListNews() {
  const heading = useRef<HTMLHeadingElement>(null);
  const [news, setNews] = useState({ said: '', isRemoval: false });
  useEffect(() => {
    if (news.isRemoval) heading.current?.focus();
  }, [news]);
  return {
    heading,
    said: news.said,
    added: (said: string) => setNews({ said, isRemoval: false }),
    removed: (said: string) => setNews({ said, isRemoval: true }),
  };
}
